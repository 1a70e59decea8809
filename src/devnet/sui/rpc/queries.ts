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

/** Cursors are positions, 8 bytes big-endian. */
function* page(items: readonly Item[], { options = {}, ...window }: Window): Generator<object> {
  const { Ordering, QueryEndReason: Reason } = GrpcTypes;
  const limit = Math.min(options.limit || DEFAULT_LIMIT, MAX_LIMIT);
  const after = positionOf(options.after);
  const before = positionOf(options.before);
  const inside = items.filter(
    ({ position, checkpoint }) =>
      (after === undefined || position > after) &&
      (before === undefined || position < before) &&
      BigInt(checkpoint) >= (window.startCheckpoint ?? 0n) &&
      (window.endCheckpoint === undefined || BigInt(checkpoint) < window.endCheckpoint),
  );
  if (options.ordering === Ordering.DESCENDING) inside.reverse();
  for (const item of inside.slice(0, limit)) {
    const watermark = { cursor: cursorOf(item.position), checkpoint: BigInt(item.checkpoint) };
    yield { ...item.message(), watermark };
  }
  yield { end: { reason: inside.length > limit ? Reason.ITEM_LIMIT : Reason.LEDGER_TIP } };
}

function cursorOf(position: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, position);
  return bytes;
}

function positionOf(cursor: Uint8Array | undefined): bigint | undefined {
  if (cursor === undefined || cursor.length === 0) return undefined;
  if (cursor.length !== 8) throw invalid('the cursor is not one of this chain');
  return new DataView(cursor.buffer, cursor.byteOffset, 8).getBigUint64(0);
}

async function* asStream(items: Iterable<object>): AsyncIterable<object> {
  yield* items;
}

export function listTransactions(chain: SuiChain, request: GrpcTypes.ListTransactionsRequest) {
  const takes = transactionFilter(request.filter);
  const height = chain.visibleHeight();
  const items = chain.ledger.transactions
    .filter((executed) => executed.checkpoint <= height && takes(executed))
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
  return asStream(page(items, request));
}

export function listEvents(chain: SuiChain, request: GrpcTypes.ListEventsRequest) {
  const takes = eventFilter(request.filter);
  const height = chain.visibleHeight();
  const items = chain.ledger.transactions
    .filter(({ checkpoint }) => checkpoint <= height)
    .flatMap((executed) =>
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
  return asStream(page(items, request));
}

export function listCheckpoints(chain: SuiChain, request: GrpcTypes.ListCheckpointsRequest) {
  const takes = transactionFilter(request.filter);
  const filtered = (request.filter?.terms.length ?? 0) > 0;
  const items = chain.ledger.checkpoints
    .slice(0, chain.visibleHeight() + 1)
    .filter(({ transaction }) => !filtered || (transaction && takes(transaction)))
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
  return asStream(page(items, request));
}
