import { afterAll, describe, expect, it } from 'vitest';
import { decodeBlob } from '../../../src/encoding/decode-blob.ts';
import { cutShares } from '../../../src/encoding/decode-job.ts';
import { type EncodeDoors, encodeBlob } from '../../../src/encoding/encode-blob.ts';
import { EncodingThread } from '../../../src/encoding/encoding-thread.ts';
import type { JobRunner } from '../../../src/encoding/job.ts';
import { MetadataCache } from '../../../src/encoding/metadata-cache.ts';
import { type VerifyDoors, verifySliver } from '../../../src/encoding/verify-sliver.ts';
import { loadKernel } from '../../../src/kernel/load.ts';
import { HauloutError } from '../../../src/protocol/errors.ts';
import { geometryFor } from '../../../src/protocol/geometry.ts';
import { sliverPrefixBytes } from '../../../src/protocol/sliver.ts';
import { spillAccess } from '../../../src/store/spill-access.ts';
import { systemClock, yieldToEvents } from '../../../src/workers/doors.ts';
import { Pool } from '../../../src/workers/pool.ts';

const module = await loadKernel();
const pools: Pool[] = [];
afterAll(() => {
  for (const pool of pools) pool.close();
});

/** A pool of threads that take turns here, each with a kernel of its own. */
function poolOf(threadCount: number, load = async () => module): Pool {
  const pool = new Pool({
    threadCount,
    clock: systemClock,
    idleMs: Number.POSITIVE_INFINITY,
    async spawn() {
      const thread = new EncodingThread(load, spillAccess);
      const run: EncodingThread['run'] = async (task) => {
        await yieldToEvents();
        return thread.run(task);
      };
      const api = {
        open: thread.open.bind(thread),
        close: () => thread.close(),
        rest: () => thread.rest(),
      };
      const lost = new Promise<never>(() => undefined);
      const traits = { syncAccess: false };
      return { api: { ...api, run }, traits, shared: false, lost, end: () => undefined };
    },
  });
  pools.push(pool);
  return pool;
}

function doorsOf(runner: JobRunner): EncodeDoors {
  const memoryBytes = 1 << 28;
  return {
    runner,
    clock: systemClock,
    memoryBytes,
    read: new WeakSet(),
    spill: async () => undefined,
  };
}

const MAX_BYTES = 14_599_533_452;
const source = Uint8Array.from({ length: 40_001 }, (_, i) => (i * 7919) >>> 5);

/** A copy of a sliver with one bit of its data turned over. */
function forged(sliver: Uint8Array): Uint8Array {
  const bytes = sliver.slice();
  const at = sliverPrefixBytes(bytes.length) + 3;
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  return bytes;
}

describe.each([4, 7, 31])('a blob of %i shards that several threads decode', async (shardCount) => {
  const doors = doorsOf(poolOf(3));
  const encoded = await encodeBlob(doors, source, { shardCount });
  const { blobId, metadata, primarySlivers, secondarySlivers } = encoded;
  const claim = { shardCount, blobId, metadata };
  const read = (axis: 'primary' | 'secondary', slivers: readonly Uint8Array[]) =>
    decodeBlob(doors, new MetadataCache(), { ...claim, axis, slivers });

  it('is right, whichever slivers are given', async () => {
    expect(await read('primary', primarySlivers.toReversed())).toEqual(source);
    expect(await read('primary', primarySlivers.slice(shardCount >> 1))).toEqual(source);
    expect(await read('secondary', secondarySlivers)).toEqual(source);
    expect(await read('secondary', secondarySlivers.toReversed())).toEqual(source);
  });

  it('is right where one thread takes the shares of several, one after the other', async () => {
    const pool = poolOf(1);
    const runner: JobRunner = { threadCount: 5, run: (make, signal) => pool.run(make, signal) };
    const slivers = primarySlivers.slice(shardCount >> 1);
    const options = { ...claim, axis: 'primary', slivers } as const;
    expect(await decodeBlob(doorsOf(runner), new MetadataCache(), options)).toEqual(source);
  });

  it('is right in spite of forged slivers', async () => {
    const [first, ...others] = primarySlivers.toReversed();
    const slivers = [forged(first as Uint8Array), ...others];
    expect(await read('primary', slivers)).toEqual(source);
  });
});

describe('the shares of threads', () => {
  it('fit into the memory of a kernel, however few threads there are', () => {
    for (const [bytes, threadCount] of [
      [MAX_BYTES, 1],
      [MAX_BYTES, 3],
      [40_001, 8],
      [1, 2],
    ] as const) {
      const geometry = geometryFor(1000, bytes);
      const shares = cutShares(geometry, threadCount);
      expect(shares[0]?.begin).toBe(0);
      expect(shares.at(-1)?.end).toBe(geometry.rowCount);
      shares.slice(1).forEach(({ begin }, i) => {
        expect(begin).toBe(shares[i]?.end);
      });
      for (const { begin, end } of shares) {
        expect((end - begin) * geometry.rowBytes).toBeLessThanOrEqual(2 ** 30);
      }
    }
  });
});

describe('one sliver', async () => {
  const shardCount = 31;
  const pool = poolOf(1);
  const encoded = await encodeBlob(doorsOf(pool), source, { shardCount });
  const { blobId, metadata, primarySlivers } = encoded;
  const sliver = primarySlivers[20] as Uint8Array;
  const held = { shardCount, blobId, metadata, axis: 'primary', sliverPairIndex: 20 } as const;
  const check = (doors: VerifyDoors, bytes: Uint8Array) =>
    verifySliver(doors, new MetadataCache(), { ...held, sliver: bytes });
  const broken = poolOf(1, async () => {
    throw new Error('WebAssembly is not allowed');
  });

  it('is verified in the calling thread', async () => {
    await check({ here: pool, pool: broken }, sliver);
    const wrong = check({ here: pool, pool: broken }, forged(sliver));
    await expect(wrong).rejects.toMatchObject({ code: 'sliver-mismatch' });
  });

  it('is verified elsewhere where the calling thread may not', async () => {
    await check({ here: broken, pool }, sliver);
    const wrong = check({ here: broken, pool }, forged(sliver));
    await expect(wrong).rejects.toMatchObject({ code: 'sliver-mismatch' });
  });

  it('is not verified where nobody may', async () => {
    await expect(check({ here: broken, pool: broken }, sliver)).rejects.toThrow(HauloutError);
  });
});
