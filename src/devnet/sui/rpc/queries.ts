import { GrpcTypes } from '@mysten/sui/grpc';
import type { SuiChain } from '../chain.ts';
import { invalid } from '../status.ts';
import { eventFilter, transactionFilter } from './filters.ts';
import { checkpointMessage } from './proto/checkpoint.ts';
import { eventMessage, executedMessage } from './proto/executed.ts';
import { applyMask } from './read-mask.ts';

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 50;

interface Window {
  readonly options?: GrpcTypes.QueryOptions;
  readonly startCheckpoint?: bigint;
  readonly endCheckpoint?: bigint;
}

interface Item {
  /** ascending and unique over the whole chain */
  readonly position: bigint;
  readonly checkpoint: number;
  readonly message: () => object;
}

/**
 * Frames of an answer: each with an item and how far the scan has come, the last one with the reason why it ends.
 *
 * @param items all that match, ascending
 * @param tip the last position that there is, whether it matches or not; -1 for none
 */
function* page(items: readonly Item[], window: Window, tip: bigint): Generator<object> {
  const { Ordering, QueryEndReason: Reason } = GrpcTypes;
  const { options = {}, startCheckpoint = 0n, endCheckpoint } = window;
  const limit = Math.min(options.limit || DEFAULT_LIMIT, MAX_LIMIT);
  const after = positionOf(options.after) ?? -1n;
  const before = positionOf(options.before) ?? tip + 1n;
  const inside = items.filter(
    ({ position, checkpoint }) =>
      position > after &&
      position < before &&
      BigInt(checkpoint) >= startCheckpoint &&
      (endCheckpoint === undefined || BigInt(checkpoint) < endCheckpoint),
  );
  const descending = options.ordering === Ordering.DESCENDING;
  if (descending) inside.reverse();
  let covered: { checkpoint?: bigint } = {};
  for (const [i, item] of inside.slice(0, limit).entries()) {
    const isWhole = inside[i + 1]?.checkpoint !== item.checkpoint;
    if (isWhole) covered = { checkpoint: BigInt(item.checkpoint) };
    const watermark = { cursor: cursorOf(item.position), ...covered };
    const end = i + 1 === limit ? { end: { reason: Reason.ITEM_LIMIT } } : {};
    yield { ...item.message(), watermark, ...end };
  }
  if (inside.length >= limit) return;
  const byCursor = descending ? options.after : options.before;
  const byCheckpoint = descending || endCheckpoint !== undefined;
  const checkpointReason = byCheckpoint ? Reason.CHECKPOINT_BOUND : Reason.LEDGER_TIP;
  const reason = byCursor?.length ? Reason.CURSOR_BOUND : checkpointReason;
  const cursor = cursorOf(descending ? after : before - 1n);
  yield { watermark: { cursor, ...covered }, end: { reason } };
}

/** How far a scan has come: the number of positions that lie behind, 8 bytes big-endian. */
export function cursorOf(position: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, position + 1n);
  return bytes;
}

function positionOf(cursor: Uint8Array | undefined): bigint | undefined {
  if (cursor === undefined || cursor.length === 0) return undefined;
  if (cursor.length !== 8) throw invalid('the cursor is not one of this chain');
  return new DataView(cursor.buffer, cursor.byteOffset, 8).getBigUint64(0) - 1n;
}

async function* asStream(items: Iterable<object>): AsyncIterable<object> {
  yield* items;
}

const toldTransactions = ({ ledger, faults }: SuiChain, height: number) =>
  ledger.transactions.filter(
    ({ checkpoint, tx }) => checkpoint <= height && !faults.hides(tx.digest),
  );

export function listTransactions(chain: SuiChain, request: GrpcTypes.ListTransactionsRequest) {
  const takes = transactionFilter(request.filter);
  const height = chain.visibleHeight();
  const items = toldTransactions(chain, height)
    .filter(takes)
    .map((executed) => ({
      position: BigInt(executed.checkpoint),
      checkpoint: executed.checkpoint,
      message: () => {
        const message = executedMessage(executed, chain.ledger);
        const { readMask } = request;
        return {
          transaction: applyMask(GrpcTypes.ExecutedTransaction, message, readMask, ['digest']),
        };
      },
    }));
  return asStream(page(items, request, BigInt(height)));
}

export function listEvents(chain: SuiChain, request: GrpcTypes.ListEventsRequest) {
  const takes = eventFilter(request.filter);
  const height = chain.visibleHeight();
  const visible = toldTransactions(chain, height);
  const last = visible.at(-1);
  const tip = BigInt((last?.firstEvent ?? 0) + (last?.outcome.events.length ?? 0) - 1);
  const items = visible.flatMap((executed) =>
    executed.outcome.events.flatMap((event, index) => {
      if (!takes(executed, event)) return [];
      const { checkpoint, tx } = executed;
      const position = BigInt(executed.firstEvent + index);
      const at = { digest: tx.digest, index, checkpoint };
      const message = () => ({
        event: applyMask(
          GrpcTypes.Event,
          eventMessage(event, tx.data, chain.ledger.registry, at),
          request.readMask,
          ['*'],
        ),
      });
      return [{ position, checkpoint, message }];
    }),
  );
  return asStream(page(items, request, tip));
}

export function listCheckpoints(chain: SuiChain, request: GrpcTypes.ListCheckpointsRequest) {
  const takes = transactionFilter(request.filter);
  const height = chain.visibleHeight();
  const items = chain.ledger.checkpoints
    .slice(0, height + 1)
    .filter(({ transaction }) => !request.filter || (transaction && takes(transaction)))
    .map((checkpoint) => ({
      position: BigInt(checkpoint.sequence),
      checkpoint: checkpoint.sequence,
      message: () => ({
        checkpoint: applyMask(
          GrpcTypes.Checkpoint,
          checkpointMessage(checkpoint, chain.ledger),
          request.readMask,
          ['sequence_number', 'digest'],
        ),
      }),
    }));
  return asStream(page(items, request, BigInt(height)));
}
