import type { GrpcTypes } from '@mysten/sui/grpc';
import { type BalanceChange, balanceChanges } from '../../execute/balance-changes.ts';
import type { Outcome } from '../../execute/run.ts';
import type { EmittedEvent } from '../../execute/session.ts';
import type { ParsedTransaction, TransactionData } from '../../execute/transaction.ts';
import type { ExecutedTransaction, Ledger } from '../../ledger/ledger.ts';
import type { Registry } from '../../types/registry.ts';
import { bcsMessage, timestamp } from './common.ts';
import { effectsMessage } from './effects.ts';
import { contentsJson } from './json.ts';
import { objectMessage } from './object.ts';
import { transactionMessage } from './transaction.ts';

export function executedMessage(
  executed: ExecutedTransaction,
  ledger: Ledger,
): GrpcTypes.ExecutedTransaction {
  const { tx, outcome, checkpoint } = executed;
  const { registry } = ledger;
  return {
    ...outcomeMessage(tx, outcome, executed.balanceChanges, registry, {
      timestampMs: executed.timestampMs,
      checkpoint,
    }),
    objects: {
      objects: ledger.objectsOf(executed).map((object) => objectMessage(object, registry)),
    },
    signatures: executed.signatures.map((value) => ({
      bcs: bcsMessage('UserSignatureBytes', value),
      signature: { oneofKind: undefined },
    })),
    checkpoint: BigInt(checkpoint),
    timestamp: timestamp(executed.timestampMs),
    transactionIndex: 0n,
  };
}

/** A transaction that was only tried. */
export function simulatedMessage(
  tx: ParsedTransaction,
  outcome: Outcome,
  registry: Registry,
): GrpcTypes.ExecutedTransaction {
  const objects = outcome.changes.flatMap(({ before, after }) =>
    [before, after].filter((object) => object !== undefined),
  );
  return {
    ...outcomeMessage(tx, outcome, balanceChanges(outcome.changes), registry),
    objects: { objects: objects.map((object) => objectMessage(object, registry)) },
  };
}

interface Moment {
  readonly timestampMs: number;
  readonly checkpoint: number;
}

function outcomeMessage(
  tx: ParsedTransaction,
  outcome: Outcome,
  balances: readonly BalanceChange[],
  registry: Registry,
  moment?: Moment,
): GrpcTypes.ExecutedTransaction {
  const events = outcome.events.map((event, index) =>
    eventMessage(event, tx.data, registry, moment && { ...moment, digest: tx.digest, index }),
  );
  return {
    digest: tx.digest,
    transaction: {
      ...transactionMessage(tx.data),
      bcs: bcsMessage('TransactionData', tx.bytes),
      digest: tx.digest,
    },
    signatures: [],
    effects: effectsMessage(outcome),
    ...(outcome.eventsBcs && outcome.eventsDigest !== undefined
      ? {
          events: {
            bcs: bcsMessage('TransactionEvents', outcome.eventsBcs),
            digest: outcome.eventsDigest,
            events,
          },
        }
      : {}),
    balanceChanges: balances.map(({ address, coinType, amount }) => ({
      address,
      coinType,
      amount: amount.toString(),
    })),
  };
}

export function eventMessage(
  event: EmittedEvent,
  { sender }: TransactionData,
  registry: Registry,
  at?: { digest: string; index: number; checkpoint: number },
): GrpcTypes.Event {
  const json = contentsJson(registry, event.type, event.contents);
  return {
    packageId: event.packageId,
    module: event.module,
    sender,
    eventType: event.type,
    contents: bcsMessage(event.type, event.contents),
    ...(json ? { json } : {}),
    ...(at
      ? {
          checkpoint: BigInt(at.checkpoint),
          transactionDigest: at.digest,
          transactionIndex: 0n,
          eventIndex: at.index,
        }
      : {}),
  };
}
