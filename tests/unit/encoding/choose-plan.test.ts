import { describe, expect, it } from 'vitest';
import { choosePlan } from '../../../src/encoding/choose-plan.ts';
import { DEFAULT_MEMORY_BYTES } from '../../../src/encoding/encode-plan.ts';
import { geometryFor } from '../../../src/protocol/geometry.ts';
import { idbPlaces } from '../../../src/store/idb-door.ts';
import { opfsPlaces } from '../../../src/store/opfs-door.ts';
import { systemClock, systemRandom } from '../../../src/workers/doors.ts';
import { rejection } from '../../support/encoder-contract.ts';

const MIB = 1 << 20;
const PLACES = { opfs: opfsPlaces, idb: idbPlaces };

/** What a blob of 1 GiB leaves on disk with so much room. */
function choose(
  kind: keyof typeof PLACES | undefined,
  freeMib: number,
  slivers = false,
  wholeRows = true,
) {
  const memoryBytes = DEFAULT_MEMORY_BYTES;
  const options = { threadCount: 2, slivers, memoryBytes, spill: 'rows' as const };
  const doors = kind && {
    places: [PLACES[kind]],
    locks: undefined,
    clock: systemClock,
    random: systemRandom,
    freeBytes: async () => freeMib * MIB,
    wholeRows,
    rowsDidNotFit: () => undefined,
  };
  return choosePlan(async () => doors, geometryFor(1000, 1024 * MIB), options);
}

describe('choosePlan', () => {
  it.each([
    ['opfs', 2000, false, 'rows'],
    ['opfs', 1000, false, 'parity'],
    // the slivers, 4.5 times the blob, need room as well
    ['opfs', 5000, true, 'parity'],
    ['opfs', 8000, true, 'rows'],
    ['idb', 7000, false, 'parity'],
  ] as const)('%s, %i MiB free, slivers %s: %s', async (kind, free, slivers, spilled) => {
    const { plan, spillDoors } = await choose(kind, free, slivers);
    expect(plan.spilled).toBe(spilled);
    expect(spillDoors).toBeDefined();
  });

  it('reads a second time where nothing else shows that the file changed', async () => {
    expect((await choose('opfs', 7000, false, false)).plan.spilled).toBe('parity');
  });

  it('does without a store, and refuses where there is one that is too small', async () => {
    const { plan, spillDoors } = await choose(undefined, 0);
    expect([plan.spilled, spillDoors]).toEqual(['nothing', undefined]);
    expect(await rejection(choose('opfs', 500))).toMatchObject({
      code: 'store-full',
      detail: { freeBytes: 500 * MIB },
    });
  });
});
