import { GrpcTypes } from '@mysten/sui/grpc';
import type { Clock } from '../../../protocol/ports.ts';
import type { SuiChain } from '../chain.ts';
import type { Checkpoint } from '../ledger/ledger.ts';
import { eventFilter, transactionFilter } from './filters.ts';
import { checkpointMessage } from './proto/checkpoint.ts';
import { eventMessage, executedMessage } from './proto/executed.ts';
import { cursorOf } from './queries.ts';
import { applyMask } from './read-mask.ts';
import { methodsOf } from './service.ts';

/** What is committed from now on, in order; late by the finality fault. */
export function subscriptionService(chain: SuiChain, clock: Clock) {
  return methodsOf(GrpcTypes.SubscriptionService, {
    streams: {
      SubscribeCheckpoints: (request: GrpcTypes.SubscribeCheckpointsRequest, signal: AbortSignal) =>
        subscribeCheckpoints(chain, clock, request, signal),
      SubscribeTransactions: (
        request: GrpcTypes.SubscribeTransactionsRequest,
        signal: AbortSignal,
      ) => subscribeTransactions(chain, clock, request, signal),
      SubscribeEvents: (request: GrpcTypes.SubscribeEventsRequest, signal: AbortSignal) =>
        subscribeEvents(chain, clock, request, signal),
    },
  });
}

/** New checkpoints for ever, until `signal`. */
async function* follow(
  chain: SuiChain,
  clock: Clock,
  signal: AbortSignal,
): AsyncIterable<Checkpoint> {
  let next = chain.ledger.height + 1;
  while (!signal.aborted) {
    const checkpoint = chain.ledger.checkpoints[next];
    if (!checkpoint) {
      await chain.nextCheckpoint(signal);
      continue;
    }
    const lateMs = checkpoint.timestampMs + chain.faults.now.finalityDelayMs - chain.now();
    if (lateMs > 0) {
      await clock.sleep(lateMs, signal).catch(() => {});
      continue;
    }
    next += 1;
    yield checkpoint;
  }
}

async function* subscribeCheckpoints(
  chain: SuiChain,
  clock: Clock,
  { readMask, filter }: GrpcTypes.SubscribeCheckpointsRequest,
  signal: AbortSignal,
): AsyncIterable<GrpcTypes.SubscribeCheckpointsResponse> {
  const takes = transactionFilter(filter);
  for await (const checkpoint of follow(chain, clock, signal)) {
    const { transaction, sequence } = checkpoint;
    if (filter && !(transaction && takes(transaction))) continue;
    const message = checkpointMessage(checkpoint, chain.ledger);
    const defaults = ['sequence_number', 'digest'];
    yield {
      cursor: BigInt(sequence),
      checkpoint: applyMask(GrpcTypes.Checkpoint, message, readMask, defaults),
    };
  }
}

async function* subscribeTransactions(
  chain: SuiChain,
  clock: Clock,
  { readMask, filter }: GrpcTypes.SubscribeTransactionsRequest,
  signal: AbortSignal,
): AsyncIterable<GrpcTypes.SubscribeTransactionsResponse> {
  const takes = transactionFilter(filter);
  for await (const { transaction, sequence } of follow(chain, clock, signal)) {
    if (!transaction || !takes(transaction)) continue;
    const message = executedMessage(transaction, chain.ledger);
    yield {
      transaction: applyMask(GrpcTypes.ExecutedTransaction, message, readMask, ['digest']),
      watermark: { cursor: cursorOf(BigInt(sequence)), checkpoint: BigInt(sequence) },
    };
  }
}

async function* subscribeEvents(
  chain: SuiChain,
  clock: Clock,
  { readMask, filter }: GrpcTypes.SubscribeEventsRequest,
  signal: AbortSignal,
): AsyncIterable<GrpcTypes.SubscribeEventsResponse> {
  const takes = eventFilter(filter);
  for await (const { transaction, sequence } of follow(chain, clock, signal)) {
    if (!transaction) continue;
    const { tx, outcome, firstEvent } = transaction;
    for (const [index, event] of outcome.events.entries()) {
      if (!takes(transaction, event)) continue;
      const at = { digest: tx.digest, index, checkpoint: sequence };
      const message = eventMessage(event, tx.data, chain.ledger.registry, at);
      yield {
        event: applyMask(GrpcTypes.Event, message, readMask, ['*']),
        watermark: {
          cursor: cursorOf(BigInt(firstEvent + index)),
          checkpoint: BigInt(index + 1 === outcome.events.length ? sequence : sequence - 1),
        },
      };
    }
  }
}
