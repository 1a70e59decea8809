import { afterEach, describe, expect, it } from 'vitest';
import { computeBlobId } from '../../src/encoding/encode-blob.ts';
import { systemClock } from '../../src/workers/doors.ts';
import { Pool } from '../../src/workers/pool.ts';
import { spawnWorker } from '../../src/workers/spawn.ts';
import type { SpawnThread, Thread } from '../../src/workers/thread.ts';
import { expectCode, rejection } from '../support/encoder-contract.ts';
import { generateInput, loadFixture } from '../support/vectors.ts';

const MEMORY = 256 << 20;
let pool: Pool;
afterEach(() => pool.close());

function poolOf(threadCount: number, spawn: SpawnThread, idleMs = 10_000): Pool {
  pool = new Pool({ threadCount, spawn, clock: systemClock, idleMs });
  return pool;
}

/** The encoding of one blob, right on a pool. */
function compute(source: Uint8Array, shardCount: number, signal?: AbortSignal) {
  const spill = async () => undefined;
  const read = new WeakSet<Blob | Uint8Array>();
  const doors = { runner: pool, clock: systemClock, spill, memoryBytes: MEMORY, read };
  return computeBlobId(doors, source, { shardCount, ...(signal && { signal }) });
}

async function officialCase() {
  const { cases } = await loadFixture('blobs');
  const found = cases.find((c) => c.nShards === 1000 && c.blobSize > 1_000_000);
  if (found === undefined) throw new Error('no such case');
  return found;
}

const sleep = (ms: number) => systemClock.sleep(ms);

describe('threads', () => {
  it('start with the work and end when idle', async () => {
    const spawned: Promise<Thread>[] = [];
    const spawn = () => {
      const thread = spawnWorker({});
      spawned.push(thread);
      return thread;
    };
    poolOf(2, spawn, 150);
    expect(pool.liveCount).toBe(0);
    await compute(generateInput({ kind: 'counter', length: 900_000 }), 1000);
    expect(spawned.length).toBe(2);
    for (const thread of spawned)
      expectCode(await rejection((await thread).lost), 'engine-crashed');
    expect(pool.liveCount).toBe(0);
    await compute(new Uint8Array(7), 7);
    expect(pool.liveCount).toBeGreaterThan(0);
  });

  it('that are being started are asked instead of more', async () => {
    let spawned = 0;
    poolOf(1, () => {
      spawned++;
      return spawnWorker({});
    });
    const work = compute(generateInput({ kind: 'counter', length: 9 }), 7);
    const [first, second] = await Promise.all([pool.anyThread(), pool.anyThread()]);
    expect(first).toBe(second);
    await work;
    expect(spawned).toBe(1);
  });

  it('serve one large blob together and small ones side by side', async () => {
    const served = new Map<Thread, Set<number>>();
    poolOf(2, async () => {
      const thread = await spawnWorker({});
      const seen = new Set<number>();
      served.set(thread, seen);
      const { api } = thread;
      const open: typeof api.open = (setup) => {
        seen.add(setup.geometry.blobBytes);
        return api.open(setup);
      };
      return { ...thread, api: { ...api, open } };
    });
    await compute(generateInput({ kind: 'counter', length: 3_000_000 }), 1000);
    expect([...served.values()].map((seen) => seen.has(3_000_000))).toEqual([true, true]);
    const sizes = [400_001, 400_002, 400_003, 400_004];
    const blobs = sizes.map((length) => generateInput({ kind: 'counter', length }));
    await Promise.all(blobs.map((blob) => compute(blob, 1000)));
    const [first, second] = [...served.values()];
    expect(sizes.filter((size) => first?.has(size) && !second?.has(size)).length).toBeGreaterThan(
      0,
    );
    expect(sizes.filter((size) => second?.has(size) && !first?.has(size)).length).toBeGreaterThan(
      0,
    );
  });
});

describe('abort', () => {
  it('rejects and ends the threads of the job within 200 ms', async () => {
    poolOf(2, () => spawnWorker({}));
    await compute(new Uint8Array(1000), 1000);
    const controller = new AbortController();
    const source = generateInput({ kind: 'counter', length: 30_000_000 });
    const work = rejection(compute(source, 1000, controller.signal));
    await sleep(100);
    const begin = performance.now();
    controller.abort();
    expectCode(await work, 'aborted');
    expect(pool.liveCount).toBe(0);
    expect(performance.now() - begin).toBeLessThan(200);
    const c = await officialCase();
    expect((await compute(generateInput(c.input), 1000)).blobId).toBe(c.blobId);
  });
});

describe('crash', () => {
  /** Addresses the real worker through a script that throws outside of any call. */
  function crashing(url: string): string {
    const script = `import ${JSON.stringify(url)}; setTimeout(() => { throw Error('boom') }, 40);`;
    return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  }

  it('replaces the worker and does its job again', async () => {
    let spawned = 0;
    poolOf(1, () => spawnWorker(spawned++ === 0 ? { scriptUrl: crashing } : {}));
    const c = await officialCase();
    expect((await compute(generateInput(c.input), 1000)).blobId).toBe(c.blobId);
    expect(spawned).toBe(2);
  });

  it('fails the job if it happens again', async () => {
    let spawned = 0;
    poolOf(1, () => {
      spawned++;
      return spawnWorker({ scriptUrl: crashing });
    });
    const c = await officialCase();
    const error = await rejection(compute(generateInput(c.input), 1000));
    expectCode(error, 'engine-crashed');
    expect(error).toMatchObject({ detail: { reason: expect.stringContaining('boom') } });
    expect(spawned).toBe(2);
  });

  it('leaves the other jobs alone', async () => {
    let spawned = 0;
    poolOf(2, () => spawnWorker(spawned++ === 0 ? { scriptUrl: crashing } : {}));
    const c = await officialCase();
    const blobs = [generateInput(c.input), new Uint8Array(600_000), generateInput(c.input)];
    const ids = await Promise.all(blobs.map((blob) => compute(blob, 1000)));
    expect([ids[0]?.blobId, ids[2]?.blobId]).toEqual([c.blobId, c.blobId]);
  });
});

it('says so where workers cannot start', async () => {
  const nowhere = URL.createObjectURL(new Blob(['}'], { type: 'text/javascript' }));
  poolOf(1, () => spawnWorker({ scriptUrl: () => nowhere }));
  expectCode(await rejection(compute(new Uint8Array(5), 7)), 'engine-blocked');
});
