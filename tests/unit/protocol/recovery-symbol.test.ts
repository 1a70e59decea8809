import { concatBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Axis } from '../../../src/protocol/axis.ts';
import type { MalformedReason } from '../../../src/protocol/errors.ts';
import { geometryFor } from '../../../src/protocol/geometry.ts';
import { merkleProof } from '../../../src/protocol/merkle.ts';
import { decodeMetadata } from '../../../src/protocol/metadata.ts';
import {
  decodeDecodingSymbol,
  decodeGeneralRecoverySymbol,
  decodeMerkleProof,
  decodeRecoverySymbol,
  encodeDecodingSymbol,
  encodeGeneralRecoverySymbol,
  encodeMerkleProof,
  encodeRecoverySymbol,
  type RecoveryClaim,
  verifyRecoverySymbol,
} from '../../../src/protocol/recovery-symbol.ts';
import { expectError } from '../../support/expect-error.ts';
import { referenceEncode } from '../../support/reference.ts';
import { generateInput } from '../../support/vectors.ts';

const blob = generateInput({ kind: 'xorshift32', seed: 3, length: 333 });
const encoded = referenceEncode(7, blob);
const metadata = decodeMetadata(encoded.metadata);
const geometry = geometryFor(7, blob.length);

/** A true symbol for the recovery of sliver `target` of `axis` out of sliver `source`. */
function claimFor(axis: Axis, target: number, source: number): RecoveryClaim {
  const column = encoded.leaves.map((row) => row[source] ?? new Uint8Array());
  const leaves = axis === 'primary' ? column : (encoded.leaves[source] ?? []);
  const [row, col] = axis === 'primary' ? [target, source] : [source, target];
  const data = encoded.matrix[row]?.[col] ?? new Uint8Array();
  const proof = merkleProof(concatBytes(...leaves), target);
  const symbol = { index: source, data, proof };
  return { metadata, geometry, axis, targetSliverIndex: target, symbol };
}

const claims = fc
  .tuple(fc.constantFrom<Axis>('primary', 'secondary'), fc.nat(6), fc.nat(6))
  .map(([axis, target, source]) => claimFor(axis, target, source));
const symbols = fc.record({
  index: fc.integer({ min: 0, max: 65_535 }),
  data: fc.uint8Array({ maxLength: 300 }),
  proof: fc.array(fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 })), { maxLength: 16 }),
  axis: fc.constantFrom<Axis>('primary', 'secondary'),
  targetSliverIndex: fc.integer({ min: 0, max: 65_535 }),
});

describe('symbol codecs', () => {
  it('go there and back', () => {
    fc.assert(
      fc.property(symbols, (general) => {
        const { index, data, proof } = general;
        expect(decodeDecodingSymbol(encodeDecodingSymbol(general))).toEqual({ index, data });
        expect(decodeMerkleProof(encodeMerkleProof(proof))).toEqual(proof);
        const recovery = encodeRecoverySymbol(general);
        expect(decodeRecoverySymbol(recovery)).toEqual({ index, data, proof });
        const bytes = encodeGeneralRecoverySymbol(general);
        expect(decodeGeneralRecoverySymbol(bytes)).toEqual(general);
      }),
    );
  });

  it('refuse every shorter version of themselves', () => {
    const { symbol } = claimFor('primary', 1, 6);
    const general = { ...symbol, axis: 'primary', targetSliverIndex: 1 } as const;
    const [recovery, labelled] = [
      encodeRecoverySymbol(symbol),
      encodeGeneralRecoverySymbol(general),
    ];
    for (let cut = 1; cut <= recovery.length; cut++) {
      expectError(() => decodeRecoverySymbol(recovery.subarray(0, -cut)), 'symbol-malformed');
      const short = labelled.subarray(0, -cut);
      expectError(() => decodeGeneralRecoverySymbol(short), 'symbol-malformed');
    }
  });

  const cases: [what: string, bytes: number[], reason: MalformedReason][] = [
    ['a claim of 2^31 - 1 bytes', [0, 0, 0xff, 0xff, 0xff, 0xff, 0x07], 'truncated'],
    ['a long form of the length', [0, 0, 0x82, 0, 1, 1, 0], 'varint'],
    ['a proof of 17 levels', [0, 0, 0, 17, ...Array(17).fill(0)], 'count'],
    ['a node of an unknown kind', [0, 0, 0, 1, 2], 'tag'],
    ['a long form of a kind', [0, 0, 0, 1, 0x80, 0], 'varint'],
    ['one byte more', [0, 0, 0, 0, 0], 'trailing-bytes'],
  ];
  it.each(cases)('refuse %s', (_, bytes, reason) => {
    const input = Uint8Array.from(bytes);
    expectError(() => decodeRecoverySymbol(input), 'symbol-malformed', { reason });
  });

  it('refuse a third axis', () => {
    const bytes = Uint8Array.of(2, 0, 0, 0, 0, 0, 0);
    expectError(() => decodeGeneralRecoverySymbol(bytes), 'symbol-malformed', { reason: 'tag' });
  });
});

describe('verifyRecoverySymbol', () => {
  it('accepts every crossing of the matrix, on both axes', () => {
    for (const axis of ['primary', 'secondary'] as const) {
      for (let at = 0; at < 49; at++) {
        verifyRecoverySymbol(claimFor(axis, Math.floor(at / 7), at % 7));
      }
    }
  });

  it('refuses a true symbol for any other target, source or axis', () => {
    fc.assert(
      fc.property(claims, claims, (claim, other) => {
        const borrowed = { ...claim, symbol: { ...other.symbol, index: claim.symbol.index } };
        const same =
          claim.axis === other.axis &&
          claim.targetSliverIndex === other.targetSliverIndex &&
          claim.symbol.index === other.symbol.index;
        fc.pre(!same);
        expectError(() => verifyRecoverySymbol(borrowed), 'symbol-mismatch');
      }),
    );
  });

  it('refuses a symbol or a proof with a bit changed', () => {
    fc.assert(
      fc.property(claims, fc.nat(), (claim, at) => {
        const bytes = encodeRecoverySymbol(claim.symbol).slice();
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const check = () => {
          verifyRecoverySymbol({ ...claim, symbol: decodeRecoverySymbol(bytes) });
        };
        expect(check).toThrowError(/symbol/);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses proofs of another length', () => {
    const claim = claimFor('primary', 0, 0);
    const { proof } = claim.symbol;
    for (const wrong of [[], proof.slice(1), proof.slice(0, -1), [...proof, null]]) {
      const symbol = { ...claim.symbol, proof: wrong };
      const detail = { sliverIndex: 0, sourceIndex: 0 };
      expectError(() => verifyRecoverySymbol({ ...claim, symbol }), 'symbol-mismatch', detail);
    }
  });

  it('refuses indices and lengths that cannot be', () => {
    const claim = claimFor('secondary', 2, 3);
    const index = { ...claim, symbol: { ...claim.symbol, index: 7 } };
    expectError(() => verifyRecoverySymbol(index), 'symbol-malformed', { reason: 'index' });
    const data = { ...claim, symbol: { ...claim.symbol, data: new Uint8Array(2) } };
    expectError(() => verifyRecoverySymbol(data), 'symbol-malformed', { reason: 'length' });
    const target = { ...claim, targetSliverIndex: 7 };
    expectError(() => verifyRecoverySymbol(target), 'argument-invalid', { name: 'sliverIndex' });
  });

  it('refuses symbols of a sliver whose hash is Empty', () => {
    const claim = claimFor('primary', 2, 0);
    const hollow = { ...metadata, emptyHashes: [(7 - 1 - 0) * 2 + 1] };
    expectError(() => verifyRecoverySymbol({ ...claim, metadata: hollow }), 'symbol-mismatch');
  });
});
