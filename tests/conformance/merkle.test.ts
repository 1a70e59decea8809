import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import {
  foldProof,
  leafHash,
  merkleProof,
  merkleRoot,
  proofLength,
} from '../../src/protocol/merkle.ts';
import { decodeMerkleProof, encodeMerkleProof } from '../../src/protocol/recovery-symbol.ts';
import { loadFixture } from '../support/vectors.ts';

const { cases } = await loadFixture('merkle');

describe.each(cases)('merkle.json: $leafCount leaves', ({ leafCount, root, leaf0, proofs }) => {
  const leaves = Array.from({ length: leafCount }, (_, i) =>
    leafHash(Uint8Array.of(i & 255, i >> 8)),
  );
  const hashes = concatBytes(...leaves);

  it('has the root', () => {
    expect(bytesToHex(merkleRoot(hashes))).toBe(root);
    if (leaf0 !== undefined) expect(bytesToHex(leaves[0] ?? hashes)).toBe(leaf0);
  });

  it('has the proofs, and each leads from its own leaf to the root only', () => {
    for (const { index, pathBcsHex } of proofs) {
      const proof = merkleProof(hashes, index);
      expect(proof).toHaveLength(proofLength(leafCount));
      expect(bytesToHex(encodeMerkleProof(proof))).toBe(pathBcsHex);
      expect(decodeMerkleProof(hexToBytes(pathBcsHex))).toEqual(proof);
      const leaf = leaves[index] ?? hashes;
      expect(bytesToHex(foldProof(proof, leaf, index) ?? hashes)).toBe(root);
      if (leafCount < 2) continue;
      const other = leaves[(index + 1) % leafCount] ?? hashes;
      expect(bytesToHex(foldProof(proof, other, index) ?? hashes)).not.toBe(root);
      expect(foldProof(proof, leaf, 2 ** proof.length)).toBeUndefined();
    }
  });
});
