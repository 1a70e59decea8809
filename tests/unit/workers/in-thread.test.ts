import { expect, it } from 'vitest';
import { computeBlobId } from '../../../src/encoding/encode-blob.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { spawnInThread } from '../../../src/workers/in-thread.ts';
import { Pool } from '../../../src/workers/pool.ts';
import { expectCode, rejection } from '../../support/encoder-contract.ts';

const source = new Uint8Array(2_000_000).fill(3);

/** Encodes with a pool of this thread alone. */
async function encode(onBegun: () => void, onDone = () => {}, signal?: AbortSignal) {
  const spawn = async () => {
    const thread = await spawnInThread(undefined);
    const { api } = thread;
    const run: typeof api.run = async (task) => {
      onBegun();
      const result = await api.run(task);
      onDone();
      return result;
    };
    return { ...thread, api: { ...api, run } };
  };
  const pool = new Pool({ threadCount: 1, spawn, clock: systemClock, idleMs: 10_000 });
  const spill = async () => undefined;
  const doors = { runner: pool, clock: systemClock, spill, memoryBytes: 1e8, read: new WeakSet() };
  const error = await rejection(
    computeBlobId(doors, source, { shardCount: 1000, ...(signal && { signal }) }),
  );
  const left = pool.liveCount;
  pool.close();
  return { error, left };
}

it('hears an abort between two tasks, does none of those that are left, and lets its memory go', async () => {
  let all = 0;
  expect((await encode(() => all++)).error).toBeUndefined();
  const stop = new AbortController();
  let begun = 0;
  let doneLate = 0;
  const { error, left } = await encode(
    () => {
      begun++;
      // An event like any other: it only comes if the tasks leave room for it.
      if (begun === 3) setTimeout(() => stop.abort());
    },
    () => {
      if (stop.signal.aborted) doneLate++;
    },
    stop.signal,
  );
  expectCode(error, 'aborted');
  expect(left).toBe(0);
  await systemClock.sleep(50);
  expect(begun).toBeGreaterThanOrEqual(3);
  expect(begun).toBeLessThan(all / 2);
  expect(doneLate).toBe(0);
});
