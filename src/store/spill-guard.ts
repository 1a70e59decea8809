import type { Clock, Locks, Random } from '../protocol/ports.ts';
import { type SpillPlace, type SpillPlaces, spillBirthMs, spillName } from './spill.ts';

const LOCK_PREFIX = 'haulout-spill-';
/** Without locks nobody can tell a live job's place from a left-over one; no job lasts this long. */
const STALE_MS = 3 * 24 * 3600 * 1000;

export interface SpillGuardDoors {
  /** in order of preference */
  readonly places: readonly SpillPlaces[];
  /** absent where the browser has none */
  readonly locks: Locks | undefined;
  readonly clock: Pick<Clock, 'wall'>;
  readonly random: Random;
}

/** A place that exists until it is released. */
export interface HeldPlace {
  readonly place: SpillPlace;
  /** Removes the place and its data. Never rejects: what cannot be removed is swept later. */
  release(): Promise<void>;
}

/**
 * Makes a place of the first kind that works and holds its lock, which tells others that it is in
 * use.
 *
 * @returns undefined if no kind works
 */
export async function holdPlace(doors: SpillGuardDoors): Promise<HeldPlace | undefined> {
  const name = spillName(doors.clock.wall(), doors.random);
  const unlock = await lock(doors.locks, name);
  for (const places of doors.places) {
    try {
      await places.create(name);
    } catch {
      continue;
    }
    const release = async () => {
      await places.remove(name).catch(() => undefined);
      unlock();
    };
    return { place: { kind: places.kind, name }, release };
  }
  unlock();
  return undefined;
}

/** Takes a lock that nobody else can have, because its name is new. */
function lock(locks: Locks | undefined, name: string): Promise<() => void> {
  if (locks === undefined) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    const held = locks.hold(
      LOCK_PREFIX + name,
      () => new Promise<void>((unlock) => resolve(unlock)),
    );
    held.catch(reject);
  });
}

/**
 * Removes the places that crashed pages left behind.
 *
 * @returns how many were removed
 */
export async function sweepPlaces(doors: SpillGuardDoors): Promise<number> {
  let removed = 0;
  for (const places of doors.places) {
    // A kind that cannot be used here has nothing to sweep.
    const names = await places.list().catch(() => []);
    for (const name of names) {
      if (await removeIfLeft(doors, places, name).catch(() => false)) removed++;
    }
  }
  return removed;
}

async function removeIfLeft(
  doors: SpillGuardDoors,
  places: SpillPlaces,
  name: string,
): Promise<boolean> {
  const remove = () => places.remove(name).then(() => true);
  if (doors.locks !== undefined) {
    return (await doors.locks.hold(LOCK_PREFIX + name, remove)) === true;
  }
  const birth = spillBirthMs(name);
  return birth !== undefined && doors.clock.wall() - birth > STALE_MS ? remove() : false;
}
