import { afterAll, describe, expect, it } from 'vitest';
import { createEncoder, verifyMetadata } from '../../src/index.ts';
import { differences } from '../support/blob-case.ts';
import { sha256Of } from '../support/node-hash.ts';
import { SOAK } from '../support/seed.ts';
import { generateInput, loadFixture } from '../support/vectors.ts';

const { cases } = await loadFixture('blobs');
const shardCounts = [...new Set(cases.map(({ nShards }) => nShards))];
// The scalar engine takes two seconds and more for each case at a thousand shards: one is enough outside the soak.
const scalarCases = cases.filter(
  ({ nShards, blobSize }) => SOAK || nShards < 1000 || blobSize === 1_500_000,
);

describe.each(['simd', 'scalar'] as const)('%s engine', (engine) => {
  const encoder = createEncoder({ engine });
  afterAll(() => encoder.close());

  it.each(shardCounts)(
    'encodes every case of blobs.json at %i shards',
    async (shardCount) => {
      const chosen = engine === 'scalar' ? scalarCases : cases;
      for (const c of chosen.filter(({ nShards }) => nShards === shardCount)) {
        const blob = generateInput(c.input);
        const encoded = await encoder.encodeBlob(blob, { shardCount });
        expect(differences(c, encoded, sha256Of), c.id).toEqual([]);
        const { primarySlivers, secondarySlivers, ...summary } = encoded;
        const { metadata, blobId } = encoded;
        expect(verifyMetadata({ shardCount, blobId, metadata }), c.id).toEqual(summary);
        expect(sha256Of(blob), `${c.id}: the caller's bytes are left alone`).toBe(c.inputSha256);
      }
    },
    240_000,
  );

  // Without slivers the work is split differently. Large committees cost half a second each: there
  // one engine is enough, and at a thousand shards the blobs from a million bytes on.
  const withoutSlivers = cases.filter(
    ({ nShards, blobSize }) =>
      nShards <= 129 || (engine === 'simd' && (nShards < 1000 || blobSize >= 1_000_000)),
  );
  const counts = new Set(withoutSlivers.map(({ nShards }) => nShards));
  it.each([...counts])(
    'computes blob IDs at %i shards',
    async (shardCount) => {
      for (const c of withoutSlivers.filter(({ nShards }) => nShards === shardCount)) {
        const source = new Blob([generateInput(c.input)]);
        const summary = await encoder.computeBlobId(source, { shardCount });
        expect(summary.blobId, c.id).toBe(c.blobId);
        expect(sha256Of(summary.metadata), c.id).toBe(c.metadataBcsSha256);
      }
    },
    240_000,
  );
});
