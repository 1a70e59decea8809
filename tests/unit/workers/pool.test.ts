import { expect, it } from 'vitest';
import { inThreadCodec } from '../../../src/devnet/codec.ts';
import { encodeInto } from '../../../src/encoding/encode-blob.ts';
import { loadKernel } from '../../../src/kernel/load.ts';
import { HauloutError } from '../../../src/protocol/errors.ts';
import type { SliverTaker } from '../../../src/store/sliver-taker.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { spawnInThread } from '../../../src/workers/in-thread.ts';
import { Pool } from '../../../src/workers/pool.ts';
import type { Thread } from '../../../src/workers/thread.ts';
import { heldBytes } from '../../support/heap.ts';

const BLOB_BYTES = 200_000;
const BLOBS = 4;

it('a pool holds nothing of the jobs that it has done', async () => {
  const codec = inThreadCodec(await loadKernel(), systemClock);
  const encode = async (first: number) => {
    const blob = Uint8Array.from({ length: BLOB_BYTES }, (_, i) => (first + i * 7) & 255);
    await codec.encode(blob, 13);
  };
  const buffers = async () => {
    await heldBytes();
    return process.memoryUsage().arrayBuffers;
  };
  await encode(0);
  const before = await buffers();
  for (let i = 1; i <= BLOBS; i++) await encode(i);
  expect((await buffers()) - before).toBeLessThan(BLOB_BYTES);
  codec.close();
});

/** Takes everything at once, but says so only when other events had their turn. */
const slowTaker = (): SliverTaker => {
  const taken = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
  return { whole: taken, piece: taken };
};

it('no thread takes a job up again that waits for its taker only', async () => {
  let openings = 0;
  const spawn = async (): Promise<Thread> => {
    const thread = await spawnInThread(undefined);
    const open: Thread['api']['open'] = (setup) => {
      openings++;
      // Without an end it would be taken up for ever, and no timer would come to its turn.
      if (openings > 10) throw new HauloutError('engine-crashed', { reason: 'opened too often' });
      return thread.api.open(setup);
    };
    return { ...thread, api: { ...thread.api, open } };
  };
  const pool = new Pool({ threadCount: 1, spawn, clock: systemClock, idleMs: 1_000 });
  const doors = {
    runner: pool,
    clock: systemClock,
    memoryBytes: undefined,
    read: new WeakSet<Blob>(),
  };
  const encodeDoors = { ...doors, spill: async () => undefined };
  const source = new Uint8Array(5_000).fill(7);
  await encodeInto(encodeDoors, source, { shardCount: 10 }, slowTaker);
  expect(openings).toBe(1);
  pool.close();
});
