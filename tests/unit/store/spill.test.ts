import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { HauloutError } from '../../../src/protocol/errors.ts';
import type { Locks, Random } from '../../../src/protocol/ports.ts';
import { idbPlaces, idbReader, idbWriter } from '../../../src/store/idb-door.ts';
import { asStoreFull } from '../../../src/store/quota.ts';
import { type SpillPlaces, spillBirthMs, spillName } from '../../../src/store/spill.ts';
import { holdPlace, sweepPlaces } from '../../../src/store/spill-guard.ts';

let seed = 0;
const random: Random = {
  bytes: (length) => new Uint8Array(length).fill(++seed),
  below: () => 0,
};
const DAY = 24 * 3600 * 1000;

/** Locks of one process. */
function memoryLocks(): Locks {
  const held = new Set<string>();
  return {
    async hold(name, work) {
      if (held.has(name)) return 'busy';
      held.add(name);
      return work().finally(() => held.delete(name));
    },
  };
}

function doorsAt(wall: number, locks: Locks | undefined = memoryLocks()) {
  return { places: [idbPlaces], locks, clock: { wall: () => wall }, random };
}

describe('spill in a database', () => {
  it('gives back what several writers stored, by block', async () => {
    await idbPlaces.create('a');
    const row = (value: number) => new Uint8Array([value, value + 1]);
    const first = await idbWriter('a', 0);
    await first.write(0, 0, [row(10), row(20)]);
    await first.write(1, 0, [row(11), row(21)]);
    await first.write(0, 2, [row(50)]);
    await first.close();
    const second = await idbWriter('a', 1);
    await second.write(0, 0, [row(30), row(40)]);
    await second.close();
    const memory = new Uint8Array(10);
    const extents = [
      { writer: 1, begin: 2, end: 4, position: 0 },
      { writer: 0, begin: 0, end: 2, position: 0 },
      { writer: 0, begin: 4, end: 5, position: 2 },
    ];
    const reader = await idbReader('a');
    const whole = { block: 0, rowBytes: 2, offset: 0 };
    await reader.read(whole, extents, (at) => memory.subarray(at * 2, at * 2 + 2));
    expect([...memory]).toEqual([10, 11, 20, 21, 30, 31, 40, 41, 50, 51]);
    await reader.read({ ...whole, offset: 1 }, extents, (at) => memory.subarray(at, at + 1));
    expect([...memory.subarray(0, 5)]).toEqual([11, 21, 31, 41, 51]);
    await idbPlaces.remove('a');
    expect(await idbPlaces.list()).toEqual([]);
  });

  it('removes a place that a thread still has open', async () => {
    await idbPlaces.create('b');
    await idbWriter('b', 0);
    await idbPlaces.remove('b');
    expect(await idbPlaces.list()).toEqual([]);
  });
});

describe('places of jobs', () => {
  it('have names of their own that tell their birth', () => {
    const name = spillName(1_700_000_000_000.5, random);
    expect(spillBirthMs(name)).toBe(1_700_000_000_000);
    expect(spillName(1_700_000_000_000, random)).not.toBe(name);
    expect(spillBirthMs('something else')).toBeUndefined();
  });

  it('are swept unless their lock is held', async () => {
    const doors = doorsAt(0);
    const held = await holdPlace(doors);
    await idbPlaces.create(spillName(0, random));
    expect(await sweepPlaces(doors)).toBe(1);
    expect(await idbPlaces.list()).toEqual([held?.place.name]);
    await held?.release();
    expect(await idbPlaces.list()).toEqual([]);
    expect(await sweepPlaces(doors)).toBe(0);
  });

  it('are swept by age where there are no locks', async () => {
    const [old, young] = [spillName(0, random), spillName(3 * DAY, random)];
    await idbPlaces.create(old);
    await idbPlaces.create(young);
    const { locks: _, ...rest } = doorsAt(4 * DAY);
    expect(await sweepPlaces({ ...rest, locks: undefined })).toBe(1);
    expect(await idbPlaces.list()).toEqual([young]);
    await idbPlaces.remove(young);
  });

  it('are made in the next kind of store if one does not work', async () => {
    const broken: SpillPlaces = {
      kind: 'opfs',
      create: () => Promise.reject(new DOMException('private window', 'SecurityError')),
      remove: () => Promise.resolve(),
      list: () => Promise.reject(new DOMException('private window', 'SecurityError')),
    };
    const doors = { ...doorsAt(0), places: [broken, idbPlaces] };
    const held = await holdPlace(doors);
    expect(held?.place.kind).toBe('idb');
    await held?.release();
    expect(await sweepPlaces(doors)).toBe(0);
    expect(await holdPlace({ ...doors, places: [broken] })).toBeUndefined();
  });
});

describe('idbPlaces', () => {
  it('names a full disk where a place is opened, too', async () => {
    const opening = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(idbPlaces.create('full')).rejects.toMatchObject({ code: 'store-full' });
    await expect(idbWriter('full', 0)).rejects.toMatchObject({ code: 'store-full' });
    opening.mockRestore();
  });
});

describe('asStoreFull', () => {
  it('names a full disk and leaves other errors alone', () => {
    const quota = new DOMException('full', 'QuotaExceededError');
    expect(asStoreFull(quota)).toBeInstanceOf(HauloutError);
    expect(asStoreFull(quota)).toMatchObject({ code: 'store-full', cause: quota });
    const other = new Error('other');
    expect(asStoreFull(other)).toBe(other);
  });
});
