import type { OwnedStorage } from './chain-client.ts';
import type { StoragePool } from './plan.ts';

/** What a blob needs. */
export interface StorageNeed {
  readonly encodedBytes: number;
}

export interface StorageUse {
  readonly pools: readonly StoragePool[];
  /** for each need: which pool it takes from; undefined if new storage is to be reserved */
  readonly poolOf: readonly (number | undefined)[];
}

/**
 * Finds out which owned storage can be used up instead of paying for new: objects of one period are
 * made one, cut to what is needed in bytes and epochs, and extended where they end too early.
 *
 * A pool is used if that costs less than new storage: that is, if it still lasts at least one epoch.
 *
 * @param epoch the current one
 * @param endEpoch until when the blobs are to be stored, exclusive
 */
export function planStorage(
  owned: readonly OwnedStorage[],
  needs: readonly StorageNeed[],
  epoch: number,
  endEpoch: number,
): StorageUse {
  const poolOf: (number | undefined)[] = needs.map(() => undefined);
  const pools: StoragePool[] = [];
  for (const group of byPeriod(owned, epoch)) {
    const [first] = group;
    const open = needs.flatMap(({ encodedBytes }, need) =>
      poolOf[need] === undefined ? [{ need, encodedBytes }] : [],
    );
    const total = group.reduce((sum, { bytes }) => sum + bytes, 0);
    const chosen = fitting(open, total);
    if (first === undefined || chosen.length === 0) continue;
    const bytes = chosen.reduce((sum, { encodedBytes }) => sum + encodedBytes, 0);
    const parts = fewest(group, bytes);
    for (const { need } of chosen) poolOf[need] = pools.length;
    pools.push({
      parts: parts.map(({ ref }) => ref),
      ...(sumOf(parts) > bytes && { keepBytes: bytes }),
      ...(first.endEpoch > endEpoch && { cutAtEpoch: endEpoch }),
      ...(first.endEpoch < endEpoch && {
        extension: { bytes, startEpoch: first.endEpoch, endEpoch },
      }),
    });
  }
  return { pools, poolOf };
}

/** Storage that is in force, in groups of one period; those that last longest first. */
function byPeriod(owned: readonly OwnedStorage[], epoch: number): readonly OwnedStorage[][] {
  const groups = new Map<string, OwnedStorage[]>();
  for (const storage of owned) {
    const { startEpoch, endEpoch } = storage;
    if (startEpoch > epoch || endEpoch <= epoch) continue;
    const key = `${startEpoch} ${endEpoch}`;
    groups.set(key, [...(groups.get(key) ?? []), storage]);
  }
  return [...groups.values()].sort((a, b) => (b[0]?.endEpoch ?? 0) - (a[0]?.endEpoch ?? 0));
}

/** Needs that fit into `total` bytes together, in their order. */
function fitting<N extends StorageNeed>(needs: readonly N[], total: number): N[] {
  let left = total;
  return needs.filter(({ encodedBytes }) => {
    if (encodedBytes > left) return false;
    left -= encodedBytes;
    return true;
  });
}

/** As few parts as hold `bytes`, so that the others stay untouched. */
function fewest(group: readonly OwnedStorage[], bytes: number): OwnedStorage[] {
  const parts: OwnedStorage[] = [];
  for (const part of group.toSorted((a, b) => b.bytes - a.bytes)) {
    if (sumOf(parts) >= bytes) break;
    parts.push(part);
  }
  return parts;
}

const sumOf = (parts: readonly OwnedStorage[]) => parts.reduce((sum, { bytes }) => sum + bytes, 0);
