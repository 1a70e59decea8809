import type { ItemState, QueueItem } from './prepare-item.ts';

/** Sums over all files, kept up to date by differences so that a change costs the same at any count. */
export interface QueueTotals {
  readonly count: number;
  readonly bytes: number;
  readonly states: Readonly<Record<ItemState, number>>;
  /** bytes of files that count as done, and the done part of those in work */
  readonly bytesDone: number;
  /** bytes of files that were stopped or failed: no work remains in them */
  readonly bytesSettled: number;
  /** encoded size of all files that are ready */
  readonly encodedBytes: number;
  /** weights for the picture of all files together: see `weightOf` */
  readonly weight: number;
  readonly rowWeight: number;
  readonly columnWeight: number;
}

export const NO_FILES: QueueTotals = {
  count: 0,
  bytes: 0,
  states: { waiting: 0, preparing: 0, paused: 0, stopped: 0, ready: 0, failed: 0 },
  bytesDone: 0,
  bytesSettled: 0,
  encodedBytes: 0,
  weight: 0,
  rowWeight: 0,
  columnWeight: 0,
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
    bytesDone: totals.bytesDone - minus.bytesDone + plus.bytesDone,
    bytesSettled: totals.bytesSettled - minus.bytesSettled + plus.bytesSettled,
    encodedBytes: totals.encodedBytes - minus.encodedBytes + plus.encodedBytes,
    weight: totals.weight - minus.weight + plus.weight,
    rowWeight: totals.rowWeight - minus.rowWeight + plus.rowWeight,
    columnWeight: totals.columnWeight - minus.columnWeight + plus.columnWeight,
  };
}

/** Work that remains, in bytes. */
export function bytesLeft(totals: QueueTotals): number {
  return Math.max(0, totals.bytes - totals.bytesDone - totals.bytesSettled);
}

/** Done share of all work that is still wanted, 0 to 1. */
export function doneShare(totals: QueueTotals): number {
  const { ready, stopped, failed } = totals.states;
  const wanted = totals.count - stopped - failed;
  if (wanted <= 0) return 0;
  if (ready === wanted) return 1;
  const wantedBytes = totals.bytes - totals.bytesSettled;
  // Empty files have no bytes to count, so they count themselves.
  if (wantedBytes === 0) return ready / wanted;
  return Math.min(1, Math.max(0, totals.bytesDone / wantedBytes));
}

/** Files with work ahead of them. */
export function openCount(totals: QueueTotals): number {
  return totals.states.waiting + totals.states.preparing + totals.states.paused;
}

type Share = Omit<QueueTotals, 'states'>;

/** Bytes, but an empty file is also a file with columns to hash. */
function weightOf(item: QueueItem): number {
  return Math.max(1, item.file.size);
}

function shareOf(item: QueueItem | undefined): Share {
  if (item === undefined) return NO_FILES;
  const { progress, state } = item;
  const bytes = item.file.size;
  const weight = weightOf(item);
  const isReady = state === 'ready';
  const isSettled = state === 'stopped' || state === 'failed';
  const rows = isReady ? 1 : share(progress?.rowsDone, progress?.rowCount);
  const columns = isReady ? 1 : share(progress?.columnsDone, progress?.columnCount);
  return {
    count: 1,
    bytes,
    bytesDone: isReady ? bytes : (progress?.bytesDone ?? 0),
    bytesSettled: isSettled ? bytes : 0,
    encodedBytes: item.prepared?.encodedBytes ?? 0,
    weight: isSettled ? 0 : weight,
    rowWeight: weight * rows,
    columnWeight: weight * columns,
  };
}

function share(done = 0, total = 0): number {
  return total > 0 ? done / total : 0;
}
