import { afterAll, describe, expect, it } from 'vitest';
import type { JobRunner } from '../../../src/encoding/job.ts';
import { MetadataCache } from '../../../src/encoding/metadata-cache.ts';
import { rootIn } from '../../../src/encoding/root-task.ts';
import { formatBlobId } from '../../../src/protocol/blob-id.ts';
import { blobIdFor } from '../../../src/protocol/merkle.ts';
import { type BlobMetadata, encodeMetadata } from '../../../src/protocol/metadata.ts';
import { verifyMetadata } from '../../../src/protocol/verify-metadata.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { spawnInThread } from '../../../src/workers/in-thread.ts';
import { Pool } from '../../../src/workers/pool.ts';
import { rejection } from '../../support/encoder-contract.ts';

const pool = new Pool({
  threadCount: 1,
  spawn: () => spawnInThread(undefined),
  clock: systemClock,
  idleMs: Number.POSITIVE_INFINITY,
});
afterAll(() => pool.close());

/** Metadata that nobody encoded; `emptyHashes` as only the format allows them. */
function metadataOf(shardCount: number, emptyHashes: readonly number[] = []): BlobMetadata {
  const pairHashes = Uint8Array.from({ length: shardCount * 64 }, (_, i) => (i * 7919) >>> 3);
  for (const at of emptyHashes) pairHashes.fill(0, at * 32, (at + 1) * 32);
  return { unencodedBytes: 5000, shardCount, pairHashes, emptyHashes };
}

function claimOf(metadata: BlobMetadata) {
  const { blobId } = blobIdFor(metadata);
  const { shardCount } = metadata;
  return { shardCount, blobId: formatBlobId(blobId), metadata: encodeMetadata(metadata) };
}

describe('MetadataCache', () => {
  it.each([4, 7, 31, 1000])('finds what verifyMetadata finds, at %i shards', async (shardCount) => {
    for (const metadata of [metadataOf(shardCount), metadataOf(shardCount, [0, 5])]) {
      const claim = claimOf(metadata);
      verifyMetadata(claim);
      const opened = await new MetadataCache().open(claim, (read) => rootIn(pool, read, {}));
      expect(opened.pairHashes).toEqual(metadata.pairHashes);
      const other = claimOf({ ...metadata, unencodedBytes: 4999 }).blobId;
      const wrong = { ...claim, blobId: other };
      const refused = new MetadataCache().open(wrong, (read) => rootIn(pool, read, {}));
      expect(await rejection(refused)).toMatchObject({
        code: 'metadata-mismatch',
        detail: { expected: other, actual: claim.blobId },
      });
    }
  });

  it('has the root of metadata that it knows computed once', async () => {
    let jobs = 0;
    const counting: JobRunner = {
      threadCount: 1,
      run: (make, signal) => {
        jobs++;
        return pool.run(make, signal);
      },
    };
    const cache = new MetadataCache();
    const claim = claimOf(metadataOf(31));
    const open = (metadata: Uint8Array) =>
      cache.open({ ...claim, metadata }, (read) => rootIn(counting, read, {}));
    const copy = claim.metadata.slice();
    for (const metadata of [claim.metadata, claim.metadata, copy]) await open(metadata);
    expect(jobs).toBe(1);
    copy.fill(0); // what was given last is not looked at again
    await open(copy);
    expect(jobs).toBe(1);
  });
});
