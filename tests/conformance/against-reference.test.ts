import { concatBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Axis, createEncoder } from '../../src/index.ts';
import { formatBlobId } from '../../src/protocol/blob-id.ts';
import { merkleProof } from '../../src/protocol/merkle.ts';
import { encodeRecoverySymbol } from '../../src/protocol/recovery-symbol.ts';
import { type ReferenceBlob, referenceEncode } from '../support/reference.ts';
import { SEED, SOAK } from '../support/seed.ts';

const axes = fc.constantFrom<Axis>('primary', 'secondary');
/** Blobs of any bytes; many are shorter than a row, end in zeros or repeat themselves. */
const blobs = fc.oneof(
  fc.uint8Array({ maxLength: 2000, size: 'max' }),
  fc.uint8Array({ maxLength: 40 }),
  fc
    .tuple(fc.uint8Array({ maxLength: 20 }), fc.nat(1500))
    .map(([head, zeros]) => concatBytes(head, new Uint8Array(zeros))),
);
const jobs = fc.record({
  n: fc.integer({ min: 4, max: 34 }),
  blob: blobs,
  axis: axes,
  order: fc.array(fc.nat(), { minLength: 34, maxLength: 34, size: 'max' }),
  target: fc.nat(33),
});

function shuffle<T>(items: readonly T[], order: readonly number[]): T[] {
  const keyed = items.map((item, i) => ({ item, key: order[i] ?? 0 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** A true symbol for sliver `target` of `axis`, from sliver `source` of the other one. */
function symbolFor(blob: ReferenceBlob, axis: Axis, target: number, source: number): Uint8Array {
  const [row, column] = axis === 'primary' ? [target, source] : [source, target];
  const across = blob.leaves.map((leaves) => leaves[source] ?? new Uint8Array());
  const leaves = axis === 'primary' ? across : (blob.leaves[source] ?? []);
  const data = blob.matrix[row]?.[column] ?? new Uint8Array();
  const proof = merkleProof(concatBytes(...leaves), target);
  return encodeRecoverySymbol({ index: source, data, proof });
}

describe.each(['simd', 'scalar'] as const)('%s engine', (engine) => {
  const encoder = createEncoder({ engine });
  afterAll(() => encoder.close());
  const options = { numRuns: SOAK ? 1000 : 60, seed: SEED, endOnFailure: true };

  it('encodes any blob as the reference does', async () => {
    await fc.assert(
      fc.asyncProperty(jobs, async ({ n, blob }) => {
        const expected = referenceEncode(n, blob);
        const encoded = await encoder.encodeBlob(blob, { shardCount: n });
        expect(encoded.blobId).toBe(formatBlobId(expected.blobId));
        expect(same(encoded.metadata, expected.metadata)).toBe(true);
        for (const axis of ['primarySlivers', 'secondarySlivers'] as const) {
          expect(same(concatBytes(...encoded[axis]), concatBytes(...expected[axis]))).toBe(true);
        }
      }),
      options,
    );
  }, 3_600_000);

  it('decodes any blob from any slivers that are enough, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(jobs, async ({ n, blob, axis, order }) => {
        const { blobId, metadata, rows, columns, ...lists } = referenceEncode(n, blob);
        const all = axis === 'primary' ? lists.primarySlivers : lists.secondarySlivers;
        const need = axis === 'primary' ? rows : columns;
        const slivers = shuffle(all, order).slice(0, need);
        const claim = { shardCount: n, blobId: formatBlobId(blobId), metadata, axis };
        expect(same(await encoder.decodeBlob({ ...claim, slivers }), blob)).toBe(true);
        const detail = { have: need - 1, need };
        await expect(
          encoder.decodeBlob({ ...claim, slivers: slivers.slice(1) }),
        ).rejects.toMatchObject({ code: 'not-enough-slivers', detail });
      }),
      options,
    );
  }, 3_600_000);

  it('recovers any sliver from any symbols that are enough', async () => {
    await fc.assert(
      fc.asyncProperty(jobs, async ({ n, blob, axis, order, target }) => {
        fc.pre(target < n);
        const encoded = referenceEncode(n, blob);
        const { blobId, metadata, rows, columns } = encoded;
        const need = axis === 'primary' ? columns : rows;
        const sources = shuffle([...encoded.matrix.keys()], order).slice(0, need);
        const symbols = sources.map((source) => symbolFor(encoded, axis, target, source));
        const claim = { shardCount: n, blobId: formatBlobId(blobId), metadata, axis };
        const job = { ...claim, sliverIndex: target, symbols };
        const list = axis === 'primary' ? encoded.primarySlivers : encoded.secondarySlivers;
        const expected = list[axis === 'primary' ? target : n - 1 - target] ?? new Uint8Array();
        expect(same(await encoder.recoverSliver(job), expected)).toBe(true);
        const detail = { have: need - 1, need };
        await expect(
          encoder.recoverSliver({ ...job, symbols: symbols.slice(1) }),
        ).rejects.toMatchObject({ code: 'not-enough-symbols', detail });
      }),
      options,
    );
  }, 3_600_000);
});
