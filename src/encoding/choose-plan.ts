import { HauloutError } from '../protocol/errors.ts';
import type { Geometry } from '../protocol/geometry.ts';
import type { SpillGuardDoors } from '../store/spill-guard.ts';
import {
  type EncodePlan,
  type PlanOptions,
  planEncode,
  type Spilled,
  spillBytes,
} from './encode-plan.ts';

/** Share of what is said to be free that whole rows and slivers may take: others write at the same time. */
const ROOMY_SHARE = 0.9;

export interface SpillDoors extends SpillGuardDoors {
  /** bytes that may still be stored, as far as known */
  freeBytes(): Promise<number | undefined>;
  /** whether a file that changes in the middle is noticed without a second reading, and rows fitted so far */
  readonly wholeRows: boolean;
  /** told that whole rows did not fit, whatever `freeBytes` says: it is not tried again */
  rowsDidNotFit(): void;
}

/**
 * A plan that stores what `options` allow at most: whole rows where there is room for them, and for
 * slivers that are wanted; else what it must.
 *
 * @returns `spillDoors` if something is stored
 * @throws HauloutError 'store-full'
 */
export async function choosePlan(
  openDoors: () => Promise<SpillDoors | undefined>,
  geometry: Geometry,
  options: PlanOptions,
): Promise<{ plan: EncodePlan; spillDoors?: SpillDoors }> {
  const planFor = (spill: Spilled) => planEncode(geometry, { ...options, spill });
  const most = planEncode(geometry, options);
  if (most.spilled === 'nothing') return { plan: most };
  const spillDoors = await openDoors();
  if (spillDoors === undefined) return { plan: planFor('nothing') };
  const freeBytes = await spillDoors.freeBytes().catch(() => undefined);
  const fits = (bytes: number) => freeBytes === undefined || bytes <= freeBytes;
  const { shardCount, rowBytes, columnBytes } = geometry;
  const sliverBytes = options.slivers ? shardCount * (rowBytes + columnBytes) : 0;
  // Databases take longer than the second reading of the source that whole rows would save.
  const inFiles = spillDoors.places[0]?.kind === 'opfs';
  const mayBeRows = most.spilled === 'rows' && spillDoors.wholeRows && inFiles;
  if (mayBeRows && fits((spillBytes(geometry, 'rows') + sliverBytes) / ROOMY_SHARE)) {
    return { plan: most, spillDoors };
  }
  const plan = planFor('parity');
  if (plan.spilled === 'nothing') return { plan };
  const neededBytes = spillBytes(geometry, plan.spilled);
  if (fits(neededBytes)) return { plan, spillDoors };
  throw new HauloutError('store-full', {
    neededBytes,
    ...(freeBytes !== undefined && { freeBytes }),
  });
}
