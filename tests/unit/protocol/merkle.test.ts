import { concatBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  foldProof,
  leafHash,
  merkleProof,
  merkleRoot,
  proofLength,
} from '../../../src/protocol/merkle.ts';
import { encodeMerkleProof } from '../../../src/protocol/recovery-symbol.ts';
import { referenceLeaf, referenceProof, referenceRoot } from '../../support/reference.ts';

const leafLists = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 40 });

describe('merkleRoot', () => {
  it('equals the reference', () => {
    fc.assert(
      fc.property(leafLists, (leaves) => {
        const ours = merkleRoot(concatBytes(...leaves.map(leafHash)));
        expect(ours).toEqual(referenceRoot(leaves.map(referenceLeaf)));
      }),
    );
  });

  it('gives a root of its own, not a view of its input', () => {
    const leaf = leafHash(Uint8Array.of(1));
    const root = merkleRoot(leaf);
    leaf.fill(0);
    expect(root).toEqual(leafHash(Uint8Array.of(1)));
  });
});

describe('merkleProof', () => {
  const positions = leafLists.chain((leaves) =>
    fc.record({ leaves: fc.constant(leaves.map(leafHash)), index: fc.nat(leaves.length - 1) }),
  );

  it('equals the reference and folds to the root', () => {
    fc.assert(
      fc.property(positions, ({ leaves, index }) => {
        const hashes = concatBytes(...leaves);
        const proof = merkleProof(hashes, index);
        expect(encodeMerkleProof(proof)).toEqual(referenceProof(leaves, index));
        expect(proof).toHaveLength(proofLength(leaves.length));
        expect(foldProof(proof, leaves[index] ?? hashes, index)).toEqual(merkleRoot(hashes));
      }),
    );
  });

  it('does not fold to the root at another index or with another leaf', () => {
    fc.assert(
      fc.property(positions, fc.nat(39), ({ leaves, index }, other) => {
        fc.pre(other < leaves.length && other !== index);
        const hashes = concatBytes(...leaves);
        const [proof, root] = [merkleProof(hashes, index), merkleRoot(hashes)];
        const same = leaves[index]?.join() === leaves[other]?.join();
        if (!same) expect(foldProof(proof, leaves[other] ?? hashes, index)).not.toEqual(root);
        const moved = foldProof(proof, leaves[index] ?? hashes, other);
        // Moving a leaf is only possible between two equal halves.
        if (merkleProof(hashes, other).join() !== proof.join()) expect(moved).not.toEqual(root);
      }),
    );
  });
});

describe('foldProof', () => {
  it.each([-1, 4, 0.5, Number.NaN, 2 ** 53])(
    'gives nothing for index %d with two levels',
    (index) => {
      const node = leafHash(new Uint8Array());
      expect(foldProof([node, null], node, index)).toBeUndefined();
    },
  );
});
