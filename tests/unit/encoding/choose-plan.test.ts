import { describe, expect, it } from 'vitest';
import { choosePlan } from '../../../src/encoding/choose-plan.ts';
import { DEFAULT_MEMORY_BYTES } from '../../../src/encoding/encode-plan.ts';
import { geometryFor } from '../../../src/protocol/geometry.ts';
import type { SpillKind, SpillPlaces } from '../../../src/store/spill.ts';
import { systemClock, systemRandom } from '../../../src/workers/doors.ts';
import { rejection } from '../../support/encoder-contract.ts';

const MIB = 1 << 20;

/** Places that are names alone, some of a kind that does not work here. */
function placesOf(kind: SpillKind, broken = false) {
  const names = new Set<string>();
  const places: SpillPlaces = {
    kind,
    async create(name) {
      if (broken) throw new DOMException('private window', 'SecurityError');
      names.add(name);
    },
    remove: async (name) => void names.delete(name),
    list: async () => [...names],
  };
  return { places, names };
}

/** What a blob, of 1 GiB unless told otherwise, leaves on disk with so much room. */
function choose(
  places: readonly SpillPlaces[] | undefined,
  freeMib: number,
  { slivers = false, wholeRows = true, mebibytes = 1024 } = {},
) {
  const memoryBytes = DEFAULT_MEMORY_BYTES;
  const options = { threadCount: 2, slivers, memoryBytes, spill: 'rows' as const };
  const doors = places && {
    places,
    locks: undefined,
    clock: systemClock,
    random: systemRandom,
    freeBytes: async () => freeMib * MIB,
    wholeRows,
    rowsDidNotFit: () => undefined,
  };
  return choosePlan(async () => doors, geometryFor(1000, mebibytes * MIB), options);
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
    const { places, names } = placesOf(kind);
    const { plan, held } = await choose([places], free, { slivers });
    expect(plan.spilled).toBe(spilled);
    expect([...names]).toEqual([held?.place.name]);
  });

  it('reads a second time where nothing else shows that the file changed', async () => {
    const { places } = placesOf('opfs');
    expect((await choose([places], 7000, { wholeRows: false })).plan.spilled).toBe('parity');
  });

  it('stores no whole rows where it turns out that there are no files', async () => {
    const files = placesOf('opfs', true);
    const database = placesOf('idb');
    const { plan, held } = await choose([files.places, database.places], 7000);
    expect([plan.spilled, held?.place.kind]).toEqual(['parity', 'idb']);
  });

  it.each([false, true])(
    'needs no place for what fits into memory, files broken: %s',
    async (broken) => {
      const { places, names } = placesOf(broken ? 'opfs' : 'idb', broken);
      const { plan, held } = await choose([places], 7000, { mebibytes: 80 });
      expect([plan.spilled, held, names.size]).toEqual(['nothing', undefined, 0]);
    },
  );

  it('does without a store, and refuses where there is one that is too small or broken', async () => {
    const { plan, held } = await choose(undefined, 0);
    expect([plan.spilled, held]).toEqual(['nothing', undefined]);
    const small = placesOf('opfs');
    const full = { code: 'store-full', detail: { freeBytes: 500 * MIB } };
    expect(await rejection(choose([small.places], 500))).toMatchObject(full);
    expect(small.names.size).toBe(0);
    const { places } = placesOf('idb', true);
    expect(await rejection(choose([places], 7000))).toMatchObject({ code: 'store-full' });
  });
});
