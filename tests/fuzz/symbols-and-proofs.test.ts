import { concatBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import { geometryFor } from '../../src/protocol/geometry.ts';
import { foldProof, leafHash, merkleProof } from '../../src/protocol/merkle.ts';
import { decodeMetadata } from '../../src/protocol/metadata.ts';
import {
  decodeDecodingSymbol,
  decodeGeneralRecoverySymbol,
  decodeMerkleProof,
  decodeRecoverySymbol,
  encodeDecodingSymbol,
  encodeGeneralRecoverySymbol,
  encodeMerkleProof,
  encodeRecoverySymbol,
  verifyRecoverySymbol,
} from '../../src/protocol/recovery-symbol.ts';
import { referenceEncode } from '../support/reference.ts';
import { SEED, SOAK } from '../support/seed.ts';
import { generateInput } from '../support/vectors.ts';
import { attempt, equalBytes, type FuzzTarget, fuzz, promise } from './fuzz.ts';

const TARGET = 5;
const blob = generateInput({ kind: 'xorshift32', seed: 12, length: 500 });
const encoded = referenceEncode(7, blob);
const metadata = decodeMetadata(encoded.metadata);
const geometry = geometryFor(7, blob.length);

/** The true symbols for row 5, one from each column. */
const honest = Array.from({ length: 7 }, (_, index) => {
  const column = encoded.leaves.map((row) => row[index] ?? new Uint8Array());
  const data = encoded.matrix[TARGET]?.[index] ?? new Uint8Array();
  return { index, data, proof: merkleProof(concatBytes(...column), TARGET) };
});
const row = encoded.leaves[TARGET] ?? [];
const rowRoot = encoded.primaryHashes[TARGET] ?? new Uint8Array();

const symbolTarget: FuzzTarget = {
  name: 'recovery-symbol',
  seeds: honest.flatMap((symbol) => [
    encodeRecoverySymbol(symbol),
    encodeDecodingSymbol(symbol),
    encodeGeneralRecoverySymbol({ ...symbol, axis: 'primary', targetSliverIndex: TARGET }),
  ]),
  run(input) {
    const forms = [
      attempt(() => encodeDecodingSymbol(decodeDecodingSymbol(input))),
      attempt(() => encodeRecoverySymbol(decodeRecoverySymbol(input))),
      attempt(() => encodeGeneralRecoverySymbol(decodeGeneralRecoverySymbol(input))),
    ];
    for (const form of forms) {
      if (form !== undefined) promise(equalBytes(form, input), 'an accepted symbol has one form');
    }
    const symbol = decodeRecoverySymbol(input);
    const claim = { metadata, geometry, axis: 'primary' as const, symbol };
    verifyRecoverySymbol({ ...claim, targetSliverIndex: TARGET });
    const known = honest.map(encodeRecoverySymbol);
    promise(
      known.some((bytes) => equalBytes(bytes, input)),
      'only true symbols verify',
    );
    for (let other = 0; other < TARGET; other++) {
      const accepted = attempt(() => {
        verifyRecoverySymbol({ ...claim, targetSliverIndex: other });
        return true;
      });
      promise(accepted === undefined, 'a symbol is for one target');
    }
  },
};

const proofTarget: FuzzTarget = {
  name: 'merkle-proof',
  seeds: row.map((_, i) => encodeMerkleProof(merkleProof(concatBytes(...row), i))),
  run(input) {
    const proof = decodeMerkleProof(input);
    promise(equalBytes(encodeMerkleProof(proof), input), 'an accepted proof has one form');
    row.forEach((leaf, at) => {
      for (let index = 0; index < 8; index++) {
        const root = foldProof(proof, leaf, index);
        if (root !== undefined && equalBytes(root, rowRoot)) {
          promise(index === at, 'a proof holds for its own leaf');
        }
      }
      const wrapped = foldProof(proof, leafHash(leaf), at);
      if (wrapped !== undefined) promise(!equalBytes(wrapped, rowRoot), 'leaves are not nodes');
    });
  },
};

const runs = SOAK ? 200_000 : 2_000;

it(`symbols keep their promises for ${runs} inputs, seed ${SEED}`, {
  timeout: 3_600_000,
}, async () => {
  expect((await fuzz(symbolTarget, runs)).blocks).toBeGreaterThan(20);
});

it(`proofs keep their promises for ${runs} inputs, seed ${SEED}`, {
  timeout: 3_600_000,
}, async () => {
  expect((await fuzz(proofTarget, runs)).blocks).toBeGreaterThan(10);
});
