import { bcs } from '@mysten/bcs';
import { type BalanceChange, balanceChanges } from '../execute/balance-changes.ts';
import type { Outcome } from '../execute/run.ts';
import type { ParsedTransaction } from '../execute/transaction.ts';
import { clockContents } from '../framework/framework.ts';
import type { Address, GenesisPart } from '../move/native.ts';
import { Registry } from '../types/registry.ts';
import { formatType } from '../types/type-tag.ts';
import {
  CLOCK_ID,
  type LedgerObject,
  sealObject,
  sealPaidObject,
  taggedDigest,
} from './ledger-object.ts';
import { type ObjectReader, ObjectStore } from './object-store.ts';

/** A transaction that is part of the chain. Large objects among its changes may have lost their contents: `objectsOf`. */
export interface ExecutedTransaction {
  readonly tx: ParsedTransaction;
  readonly signatures: readonly Uint8Array[];
  readonly outcome: Outcome;
  readonly balanceChanges: readonly BalanceChange[];
  readonly timestampMs: number;
  /** number of the checkpoint, and of the commit in the object store */
  readonly checkpoint: number;
  /** position of its first event among all events of the chain */
  readonly firstEvent: number;
}

/** One transaction, or none. */
export interface Checkpoint {
  readonly sequence: number;
  readonly digest: string;
  readonly previousDigest: string;
  readonly epoch: bigint;
  readonly contentDigest: string;
  readonly timestampMs: number;
  /** of the whole chain so far */
  readonly totalTransactions: number;
  readonly transaction: ExecutedTransaction | undefined;
}

/** What a genesis was sealed to, of a chain of that name. */
const seals = new WeakMap<readonly GenesisPart[], { name: string; sealed: LedgerObject[] }>();

function sealParts(name: string, parts: readonly GenesisPart[], registry: Registry) {
  const known = seals.get(parts);
  if (known?.name === name) return known.sealed;
  const previousTransaction = taggedDigest('Genesis', new TextEncoder().encode(name));
  const sealed = parts.flatMap(({ objects }) =>
    objects.map((object) =>
      sealPaidObject({
        id: object.id,
        version: object.version ?? 1n,
        type: formatType(object.type),
        owner: object.owner,
        publicTransfer: registry.abilities(object.type).has('store'),
        contents: object.contents,
        previousTransaction,
      }),
    ),
  );
  seals.set(parts, { name, sealed });
  return sealed;
}

/** Objects, transactions and checkpoints: what all executions have left. Grows only through `commit`. */
export class Ledger {
  readonly registry: Registry;
  readonly objects = new ObjectStore();
  readonly genesisDigest: string;
  readonly checkpoints: Checkpoint[] = [];
  readonly transactions: ExecutedTransaction[] = [];
  private readonly byDigest = new Map<string, ExecutedTransaction>();
  /** of Sui; goes into the checkpoints from now on */
  epoch = 0n;
  private events = 0;

  /** @param name goes into the identity of the chain, as does everything in `parts` */
  constructor(name: string, parts: readonly GenesisPart[], startMs: number) {
    this.registry = new Registry(parts.flatMap(({ packages }) => packages));
    const sealed = sealParts(name, parts, this.registry);
    for (const object of sealed) {
      if (this.objects.get(object.id)) throw new Error(`genesis has two objects ${object.id}`);
      this.objects.put(object.id, object, 0);
    }
    const content = [name, ...sealed.map(({ digest }) => digest)].join('\n');
    this.genesisDigest = taggedDigest('Genesis', new TextEncoder().encode(content));
    this.seal(undefined, startMs);
  }

  get height(): number {
    return this.checkpoints.length - 1;
  }

  get latest(): Checkpoint {
    return this.checkpoints[this.height] as Checkpoint;
  }

  /** Digest of the first checkpoint: the identity of the chain. */
  get chainId(): string {
    return (this.checkpoints[0] as Checkpoint).digest;
  }

  transaction(digest: string): ExecutedTransaction | undefined {
    return this.byDigest.get(digest);
  }

  /** The newest objects, with the clock at `timestampMs`. */
  at(timestampMs: number): ObjectReader {
    let clock: LedgerObject | undefined;
    const readClock = () => {
      clock ??= this.clockAt(timestampMs);
      return clock;
    };
    return { get: (id) => (id === CLOCK_ID ? readClock() : this.objects.get(id)) };
  }

  commit(
    tx: ParsedTransaction,
    signatures: readonly Uint8Array[],
    outcome: Outcome,
    timestampMs: number,
  ): ExecutedTransaction {
    const checkpoint = this.height + 1;
    this.objects.put(CLOCK_ID, this.clockAt(timestampMs), checkpoint);
    for (const { id, after, before } of outcome.changes) {
      if (before || after) this.objects.put(id, after, checkpoint);
    }
    const executed: ExecutedTransaction = {
      tx,
      signatures,
      outcome,
      balanceChanges: balanceChanges(outcome.changes),
      timestampMs,
      checkpoint,
      firstEvent: this.events,
    };
    this.events += outcome.events.length;
    const kept = { ...executed, outcome: withoutBulk(outcome) };
    this.transactions.push(kept);
    this.byDigest.set(tx.digest, kept);
    this.seal(kept, timestampMs);
    return executed;
  }

  /** What a transaction read and wrote, as far as the history of the objects still reaches. */
  objectsOf({ outcome }: ExecutedTransaction): LedgerObject[] {
    return outcome.changes.flatMap(({ before, after }) =>
      [before, after].flatMap((object) => {
        if (!object) return [];
        const found =
          object.contents.length > 0 ? object : this.objects.version(object.id, object.version);
        return found ? [found] : [];
      }),
    );
  }

  /** A checkpoint without transactions. */
  tick(timestampMs: number): Checkpoint {
    this.objects.put(CLOCK_ID, this.clockAt(timestampMs), this.height + 1);
    return this.seal(undefined, timestampMs);
  }

  private seal(transaction: ExecutedTransaction | undefined, timestampMs: number): Checkpoint {
    const sequence = this.checkpoints.length;
    const previousDigest = this.checkpoints[sequence - 1]?.digest ?? this.genesisDigest;
    const outcome = transaction?.outcome;
    const content = bcs
      .vector(bcs.string())
      .serialize(outcome ? [outcome.digest, outcome.effectsDigest] : [])
      .toBytes();
    const contentDigest = taggedDigest('CheckpointContents', content);
    const summary = SummaryLayout.serialize({
      epoch: this.epoch,
      sequence,
      previousDigest,
      contentDigest,
      timestampMs,
    }).toBytes();
    const checkpoint = {
      sequence,
      digest: taggedDigest('CheckpointSummary', summary),
      previousDigest,
      epoch: this.epoch,
      contentDigest,
      timestampMs,
      totalTransactions: this.transactions.length,
      transaction,
    };
    this.checkpoints.push(checkpoint);
    return checkpoint;
  }

  private clockAt(timestampMs: number): LedgerObject | undefined {
    const clock = this.objects.get(CLOCK_ID);
    if (!clock) return undefined;
    return sealObject({
      ...clock,
      version: clock.version + 1n,
      contents: clockContents(BigInt(timestampMs)),
      previousTransaction: taggedDigest('Prologue', new TextEncoder().encode(`${this.height + 1}`)),
    });
  }

  /** Everything of an id that was changed by commit `sequence` or before. */
  objectsAsOf(sequence: number) {
    return this.objects.asOf(sequence);
  }

  knew(id: Address): boolean {
    return this.objects.knew(id);
  }
}

/** Contents above this many bytes are kept in the history of the object only. */
const BULK = 1024;

function withoutBulk(outcome: Outcome): Outcome {
  const slim = (object: LedgerObject | undefined) =>
    object && object.contents.length > BULK ? { ...object, contents: new Uint8Array() } : object;
  const changes = outcome.changes.map((change) => ({
    ...change,
    before: slim(change.before),
    after: slim(change.after),
  }));
  return { ...outcome, changes, returned: [] };
}

const SummaryLayout = bcs.struct('Summary', {
  epoch: bcs.u64(),
  sequence: bcs.u64(),
  previousDigest: bcs.string(),
  contentDigest: bcs.string(),
  timestampMs: bcs.u64(),
});
