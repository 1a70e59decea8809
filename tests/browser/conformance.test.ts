import { afterAll, describe, expect, it } from 'vitest';
import { createEncoder } from '../../src/index.ts';
import { EVERY_CASE, SOAK } from '../support/browser-share.ts';
import { generateInput, loadFixture } from '../support/vectors.ts';

const { cases } = await loadFixture('blobs');
const { decode } = await loadFixture('reconstruct');
/** All of the first browser, every third of the others. */
const share = <T>(list: readonly T[]) => list.filter((_, at) => EVERY_CASE || at % 3 === 0);
const large = share(cases.filter((c) => c.nShards === 1000));
const decodable = share(decode.filter((c) => c.nShards === 1000));

/** SHA-256 over parts one after another, by the browser, which is quick. */
async function sha256(parts: readonly Uint8Array[]): Promise<string> {
  const bytes = await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe.each(['simd', 'scalar'] as const)('%s engine at 1000 shards', (engine) => {
  const encoder = createEncoder({ engine });
  afterAll(() => encoder.close());
  // All of it in the soak; the same cases are held to both engines in Node.
  const few = engine === 'scalar' && !SOAK;
  // The scalar engine is many times slower; it does the slivers of the blobs up to a megabyte.
  const whole = large.filter((c) => engine === 'simd' || c.blobSize <= 1_100_000);
  const encodable = few ? whole.slice(-2) : whole;

  it.each(encodable)('encodes $id byte for byte', async (c) => {
    const encoded = await encoder.encodeBlob(generateInput(c.input), { shardCount: 1000 });
    expect(encoded.blobId).toBe(c.blobId);
    expect(await sha256([encoded.metadata])).toBe(c.metadataBcsSha256);
    expect(await sha256(encoded.primarySlivers)).toBe(c.primarySliversBcsSha256);
    expect(await sha256(encoded.secondarySlivers)).toBe(c.secondarySliversBcsSha256);
  });

  // What the scalar engine has encoded needs no second look: it takes seconds each.
  const identifiable = engine === 'simd' ? large : large.filter((c) => !whole.includes(c));
  it.each(few ? identifiable.slice(0, 1) : identifiable)(
    'computes the ID of $id from a Blob',
    async (c) => {
      const source = new Blob([generateInput(c.input) as Uint8Array<ArrayBuffer>]);
      const summary = await encoder.computeBlobId(source, { shardCount: 1000 });
      expect(summary.blobId).toBe(c.blobId);
      expect(await sha256([summary.metadata])).toBe(c.metadataBcsSha256);
    },
  );

  it.each(few ? decodable.slice(0, 1) : decodable)('decodes $id', async (c) => {
    const encoded = await encoder.encodeBlob(generateInput(c.input), { shardCount: 1000 });
    const { blobId, metadata, primarySlivers, secondarySlivers } = encoded;
    const slivers = c.keptSliverIndices.map(
      (i) => (c.axis === 'primary' ? primarySlivers[i] : secondarySlivers[999 - i]) as Uint8Array,
    );
    const options = { shardCount: 1000, blobId, metadata, axis: c.axis, slivers };
    expect(await sha256([await encoder.decodeBlob(options)])).toBe(c.expectedSha256);
  });
});
