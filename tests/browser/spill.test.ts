import { afterEach, describe, expect, it } from 'vitest';
import { createEncoder, type Encoder } from '../../src/index.ts';
import { idbPlaces } from '../../src/store/idb-door.ts';
import { webLocks } from '../../src/store/locks-door.ts';
import { opfsPlaces } from '../../src/store/opfs-door.ts';
import { holdPlace } from '../../src/store/spill-guard.ts';
import { systemClock, systemRandom } from '../../src/workers/doors.ts';
import { expectCode, rejection } from '../support/encoder-contract.ts';
import { generateInput, loadFixture } from '../support/vectors.ts';

/** So little memory that a blob of a few megabytes is streamed and spilled. */
const MEMORY = 500_000;
const PLACES = [opfsPlaces, idbPlaces];

let encoder: Encoder;
afterEach(() => encoder.close());

/** Waits until `check` holds; the removal after an abort is not waited for by the caller. */
async function soon(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100 && !(await check()); tries++) await systemClock.sleep(50);
  expect(await check()).toBe(true);
}

describe.each(PLACES)('$kind', (places) => {
  const isEmpty = async () => (await places.list()).length === 0;

  it('is used while it is needed and removed at the end', async () => {
    encoder = createEncoder({ workers: 2, memoryBytes: MEMORY, spill: [places.kind] });
    const { cases } = await loadFixture('blobs');
    const c = cases.find((each) => each.nShards === 1000 && each.blobSize === 1_500_000);
    if (c === undefined) throw new Error('no such case');
    let most = 0;
    const onProgress = async () => {
      most = Math.max(most, (await places.list()).length);
    };
    const options = { shardCount: 1000, onProgress };
    const summary = await encoder.computeBlobId(generateInput(c.input), options);
    expect(summary.blobId).toBe(c.blobId);
    expect(most).toBe(1);
    expect(await isEmpty()).toBe(true);
  });

  it('is removed after an abort in the middle', async () => {
    encoder = createEncoder({ workers: 2, memoryBytes: MEMORY, spill: [places.kind] });
    const controller = new AbortController();
    let columns = 0;
    const onProgress = (p: { columnsDone: number }) => {
      columns = p.columnsDone;
      if (columns > 0) controller.abort();
    };
    const source = generateInput({ kind: 'counter', length: 2_000_000 });
    const { signal } = controller;
    const work = encoder.computeBlobId(source, { shardCount: 1000, signal, onProgress });
    expectCode(await rejection(work), 'aborted');
    expect(columns).toBeGreaterThan(0);
    await soon(isEmpty);
  });

  it('is swept at the next start if its page died, and left alone if it is in use', async () => {
    const doors = {
      places: [places],
      locks: webLocks,
      clock: systemClock,
      random: systemRandom,
    };
    const inUse = await holdPlace(doors);
    const left = '0-0123456789abcdef';
    await places.create(left);
    expect((await places.list()).sort()).toEqual([left, inUse?.place.name].sort());
    encoder = createEncoder();
    await soon(async () => !(await places.list()).includes(left));
    expect(await places.list()).toEqual([inUse?.place.name]);
    await inUse?.release();
    expect(await isEmpty()).toBe(true);
  });
});

it('takes the database where files cannot be had', async () => {
  encoder = createEncoder({ forceInThread: true, memoryBytes: MEMORY });
  let used = '';
  const onProgress = async () => {
    for (const places of PLACES) if ((await places.list()).length > 0) used = places.kind;
  };
  await encoder.computeBlobId(new Uint8Array(2_000_000), { shardCount: 1000, onProgress });
  expect(used).toBe('idb');
});
