import { HauloutError } from '../protocol/errors.ts';
import type { Geometry } from '../protocol/geometry.ts';
import { type HeldPlace, holdPlace, type SpillGuardDoors } from '../store/spill-guard.ts';
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

/** A plan, and where it puts what it stores. */
export interface ChosenPlan {
  readonly plan: EncodePlan;
  /** to be released; absent if nothing is stored */
  readonly held?: HeldPlace | undefined;
  /** see `SpillDoors` */
  rowsDidNotFit?(): void;
}

/**
 * A plan that stores what `options` allow at most: whole rows where there are files, and room for them and for
 * slivers that are wanted; else what it must.
 *
 * @throws HauloutError 'store-full'
 */
export async function choosePlan(
  openDoors: () => Promise<SpillDoors | undefined>,
  geometry: Geometry,
  options: PlanOptions,
): Promise<ChosenPlan> {
  const planFor = (spill: Spilled) => planEncode(geometry, { ...options, spill });
  const most = planEncode(geometry, options);
  if (most.spilled === 'nothing') return { plan: most };
  const doors = await openDoors();
  if (doors === undefined) return { plan: planFor('nothing') };
  const mayBeRows = most.spilled === 'rows' && doors.wholeRows;
  const plan = planFor('parity');
  if (plan.spilled === 'nothing' && !mayBeRows) return { plan };
  const held = await holdPlace(doors);
  const freeBytes = await doors.freeBytes().catch(() => undefined);
  const fits = (bytes: number) => freeBytes === undefined || bytes <= freeBytes;
  const { shardCount, rowBytes, columnBytes } = geometry;
  const sliverBytes = options.slivers ? shardCount * (rowBytes + columnBytes) : 0;
  const roomyBytes = (spillBytes(geometry, 'rows') + sliverBytes) / ROOMY_SHARE;
  // Databases take longer than the second reading of the source that whole rows would save.
  if (mayBeRows && held?.place.kind === 'opfs' && fits(roomyBytes)) {
    return { plan: most, held, rowsDidNotFit: () => doors.rowsDidNotFit() };
  }
  const neededBytes = spillBytes(geometry, plan.spilled);
  if (plan.spilled !== 'nothing' && held && fits(neededBytes)) return { plan, held };
  await held?.release();
  if (plan.spilled === 'nothing') return { plan };
  if (fits(neededBytes)) throw new HauloutError('store-full', {}); // no place could be made at all
  throw new HauloutError('store-full', { neededBytes, freeBytes: freeBytes ?? 0 });
}
