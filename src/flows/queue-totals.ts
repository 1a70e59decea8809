import type { ItemState, QueueItem } from './prepare-item.ts';

/** Sums over all files, kept up to date by differences so that a change costs the same at any count. */
export interface QueueTotals {
  readonly count: number;
  readonly bytes: number;
  readonly states: Readonly<Record<ItemState, number>>;
  /** encoded size of all files that are ready */
  readonly encodedBytes: number;
  /** work of all files that are not given up, in bytes: see `workOf` */
  readonly work: number;
  readonly workDone: number;
  /** the part of `work` whose rows and columns are coded, for the picture of all files together */
  readonly rowWork: number;
  readonly columnWork: number;
}

export const NO_FILES: QueueTotals = {
  count: 0,
  bytes: 0,
  states: { waiting: 0, preparing: 0, paused: 0, stopped: 0, ready: 0, failed: 0 },
  encodedBytes: 0,
  work: 0,
  workDone: 0,
  rowWork: 0,
  columnWork: 0,
};

/**
 * Totals after one file changed.
 *
 * @param before undefined if the file is new
 * @param after undefined if the file leaves
 */
export function shiftTotals(
  totals: QueueTotals,
  before: QueueItem | undefined,
  after: QueueItem | undefined,
): QueueTotals {
  const states = { ...totals.states };
  if (before !== undefined) states[before.state]--;
  if (after !== undefined) states[after.state]++;
  const [minus, plus] = [shareOf(before), shareOf(after)];
  return {
    count: totals.count - minus.count + plus.count,
    bytes: totals.bytes - minus.bytes + plus.bytes,
    states,
    encodedBytes: totals.encodedBytes - minus.encodedBytes + plus.encodedBytes,
    work: totals.work - minus.work + plus.work,
    workDone: totals.workDone - minus.workDone + plus.workDone,
    rowWork: totals.rowWork - minus.rowWork + plus.rowWork,
    columnWork: totals.columnWork - minus.columnWork + plus.columnWork,
  };
}

/** Work that remains. */
export function workLeft(totals: QueueTotals): number {
  return Math.max(0, totals.work - totals.workDone);
}

/** Done share of all work that is still wanted, 0 to 1. */
export function doneShare(totals: QueueTotals): number {
  const { ready } = totals.states;
  if (ready > 0 && openCount(totals) === 0) return 1; // sums of fractions may miss it by a hair
  return totals.work > 0 ? Math.min(1, Math.max(0, totals.workDone / totals.work)) : 0;
}

/** Files with work ahead of them. */
export function openCount(totals: QueueTotals): number {
  return totals.states.waiting + totals.states.preparing + totals.states.paused;
}

type Share = Omit<QueueTotals, 'states'>;

/** The smallest matrix of the public networks: 334 x 667 symbols of 2 bytes. */
const LEAST_WORK = 445_556;

/** What preparing a file costs: its bytes, but a small file takes as long as the smallest matrix. */
export function workOf(file: File): number {
  return Math.max(LEAST_WORK, file.size);
}

function shareOf(item: QueueItem | undefined): Share {
  if (item === undefined) return NO_FILES;
  const { progress, state } = item;
  const isReady = state === 'ready';
  const isGivenUp = state === 'stopped' || state === 'failed';
  const work = workOf(item.file);
  const done = (part = 0, total = 0) => (isReady ? work : total > 0 ? (work * part) / total : 0);
  return {
    count: 1,
    bytes: item.file.size,
    encodedBytes: item.prepared?.encodedBytes ?? 0,
    work: isGivenUp ? 0 : work,
    workDone: done(progress?.bytesDone, progress?.bytesTotal),
    rowWork: done(progress?.rowsDone, progress?.rowCount),
    columnWork: done(progress?.columnsDone, progress?.columnCount),
  };
}
