import { fromBase64, toBase64 } from '@mysten/bcs';
import type { Clock } from '../../protocol/ports.ts';
import type { ExecutionFailure, FailureReason } from './execute/failure.ts';
import { FIRST_GAS_PRICE } from './execute/gas.ts';
import type { GasPayment } from './execute/gas-coin.ts';
import { type CheckedTransaction, checkTransaction, objectLocked } from './execute/inputs.ts';
import { type ExecutionRequest, execute, type Outcome } from './execute/run.ts';
import { checkSignatures } from './execute/signatures.ts';
import { type ParsedTransaction, parseTransaction } from './execute/transaction.ts';
import { ChainFaults } from './faults.ts';
import { CommitSignal } from './ledger/commit-signal.ts';
import { Journal } from './ledger/journal.ts';
import type { ExecutedTransaction } from './ledger/ledger.ts';
import { Ledger } from './ledger/ledger.ts';
import type { ChainLog, LogEntry } from './ledger/log.ts';
import type { ObjectReader, ObjectView } from './ledger/object-store.ts';
import type { GenesisPart } from './move/native.ts';

export interface ChainSettings {
  /** goes into the identity of the chain, with the genesis */
  readonly name: string;
  /** `startMs` is the time of the first start, also when the chain is opened again */
  readonly genesis: (startMs: number) => readonly GenesisPart[];
  readonly clock: Clock;
  readonly log: ChainLog;
}

interface Moment {
  readonly objects: ObjectReader;
  readonly timestampMs: number;
}

type RunMoment = Moment & Pick<ExecutionRequest, 'forced' | 'trusting'>;

export interface TrialOptions {
  readonly objects?: ObjectReader;
  readonly timestampMs?: number;
  /** false: anybody's objects may be used */
  readonly ownership?: boolean;
}

/** An epoch of Sui. */
export interface EpochState {
  readonly epoch: bigint;
  /** the reference gas price, MIST per unit */
  readonly gasPrice: bigint;
  readonly startMs: number;
  readonly firstCheckpoint: number;
}

/** The log belongs to another chain, or this version executes it differently. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}

/** What logged transactions came to. Who opens many chains on the same entries has each of them executed once. */
const replayed = new WeakMap<
  LogEntry,
  Pick<ExecutedTransaction, 'tx' | 'signatures' | 'outcome'>
>();

/** A chain of one validator: checks, executes, remembers. Everything it does is in its log. */
export class SuiChain {
  readonly ledger: Ledger;
  readonly faults = new ChainFaults();
  private readonly clock: Clock;
  private readonly journal: Journal;
  private readonly commits = new CommitSignal();
  private readonly epochs: EpochState[];
  private offsetMs = 0;

  private constructor(settings: ChainSettings, startMs: number) {
    this.clock = settings.clock;
    this.journal = new Journal(settings.log);
    this.ledger = new Ledger(settings.name, settings.genesis(startMs), startMs);
    this.epochs = [{ epoch: 0n, gasPrice: FIRST_GAS_PRICE, startMs, firstCheckpoint: 0 }];
  }

  /**
   * Starts a chain on an empty log, or goes on where the log ends.
   *
   * @throws ReplayError
   */
  static async open(settings: ChainSettings): Promise<SuiChain> {
    const entries = await settings.log.read();
    const first = entries[0];
    const startMs = first?.kind === 'genesis' ? first.startMs : Math.floor(settings.clock.wall());
    const chain = new SuiChain(settings, startMs);
    if (first === undefined) {
      chain.journal.write({ kind: 'genesis', chain: chain.ledger.chainId, startMs });
      await chain.journal.saved;
    } else if (first.kind !== 'genesis' || first.chain !== chain.ledger.chainId) {
      throw new ReplayError('the log belongs to a chain with another genesis');
    }
    chain.journal.replaying = true;
    for (const entry of entries.slice(1)) chain.replay(entry);
    chain.journal.replaying = false;
    return chain;
  }

  /** The epoch of Sui, which has nothing to do with those of Walrus. It changes on command only. */
  get epochState(): EpochState {
    return this.epochs.at(-1) as EpochState;
  }

  get epoch(): bigint {
    return this.epochState.epoch;
  }

  /** All epochs so far, oldest first. */
  get allEpochs(): readonly EpochState[] {
    return this.epochs;
  }

  /** Milliseconds since 1970, never going back. */
  now(): number {
    return Math.max(Math.floor(this.clock.wall()) + this.offsetMs, this.ledger.latest.timestampMs);
  }

  /**
   * Executes a signed transaction, or finds it if it was executed before.
   *
   * @param force asked when it is executed: a failure in which it is to end whatever it does
   * @throws RpcStatus when it is refused before execution
   */
  async execute(
    bytes: Uint8Array,
    signatures: readonly Uint8Array[],
    force?: () => FailureReason | undefined,
  ): Promise<ExecutedTransaction> {
    const tx = parseTransaction(bytes);
    await checkSignatures(tx, signatures);
    const known = this.ledger.transaction(tx.digest);
    if (known) {
      await this.journal.saved;
      return known;
    }
    const executed = this.apply(tx, signatures, this.now(), force);
    await this.journal.saved;
    return executed;
  }

  /**
   * What a transaction would do, on any view of the objects.
   *
   * @throws RpcStatus when it would be refused before execution
   */
  trial(tx: ParsedTransaction, payment: GasPayment, at: TrialOptions = {}): Outcome {
    const timestampMs = at.timestampMs ?? this.now();
    const objects = at.objects ?? this.ledger.at(timestampMs);
    const checked = this.check(tx, payment, { timestampMs, ...at, objects });
    return this.run(tx, checked, payment, { timestampMs, objects });
  }

  /** Calls `listener` after every commit, at once. */
  onCommit(listener: (executed: ExecutedTransaction) => void): () => void {
    return this.commits.onCommit(listener);
  }

  /** Resolves with the next checkpoint, or when `signal` fires. */
  nextCheckpoint(signal: AbortSignal): Promise<void> {
    return this.commits.next(signal);
  }

  /** Puts the clock forward. */
  async advanceClock(ms: number): Promise<number> {
    this.offsetMs += ms;
    this.journal.write({ kind: 'clock', offsetMs: this.offsetMs });
    await this.advanceCheckpoint();
    return this.ledger.latest.timestampMs;
  }

  /** Begins the next epoch of Sui: transactions that expire with the present one are refused from now on. */
  async advanceEpoch(gasPrice = this.epochState.gasPrice): Promise<EpochState> {
    const timestampMs = this.now();
    const epoch = this.epoch + 1n;
    this.enterEpoch(epoch, gasPrice, timestampMs);
    this.journal.write({ kind: 'epoch', epoch: `${epoch}`, gasPrice: `${gasPrice}`, timestampMs });
    await this.journal.saved;
    return this.epochState;
  }

  async advanceCheckpoint(): Promise<void> {
    const timestampMs = this.now();
    this.ledger.tick(timestampMs);
    this.journal.write({ kind: 'checkpoint', timestampMs });
    this.commits.wake();
    await this.journal.saved;
  }

  /** The last checkpoint that can be read now. */
  visibleHeight(lateMs = this.faults.now.finalityDelayMs): number {
    if (lateMs <= 0) return this.ledger.height;
    const horizon = this.now() - lateMs;
    let height = this.ledger.height;
    while (height > 0 && (this.ledger.checkpoints[height]?.timestampMs ?? 0) > horizon) height -= 1;
    return height;
  }

  /** Objects as the full node knows them. */
  view(): ObjectView {
    const { finalityDelayMs, staleReadMs } = this.faults.now;
    const height = this.visibleHeight(Math.max(finalityDelayMs, staleReadMs));
    if (height === this.ledger.height) return this.faults.seen(this.ledger.objects);
    this.faults.count(finalityDelayMs > staleReadMs ? 'finalityDelayMs' : 'staleReadMs');
    return this.faults.seen(this.ledger.objectsAsOf(height));
  }

  async close(): Promise<void> {
    await this.journal.close();
  }

  private apply(
    tx: ParsedTransaction,
    signatures: readonly Uint8Array[],
    timestampMs: number,
    force: () => FailureReason | undefined = () => undefined,
    effects?: string,
  ): ExecutedTransaction {
    const objects = this.ledger.at(timestampMs);
    const checked = this.check(tx, 'coins', { objects, timestampMs });
    this.refuseLocked(checked);
    const at = { objects, timestampMs, forced: force() };
    const outcome =
      effects === undefined
        ? this.run(tx, checked, 'coins', at)
        : this.runAgain(tx, checked, effects, at);
    const executed = this.ledger.commit(tx, signatures, outcome, timestampMs);
    this.journal.write({
      kind: 'transaction',
      bytes: toBase64(tx.bytes),
      signatures: signatures.map((signature) => toBase64(signature)),
      timestampMs,
      effects: outcome.effectsDigest,
      ...(at.forced ? { forced: at.forced } : {}),
    });
    this.commits.tell(executed);
    return executed;
  }

  private check(tx: ParsedTransaction, payment: GasPayment, at: Moment & { ownership?: boolean }) {
    return checkTransaction(tx, {
      registry: this.ledger.registry,
      objects: at.objects,
      payment,
      ownership: at.ownership ?? true,
      epoch: this.epoch,
      gasPrice: this.epochState.gasPrice,
      chainId: this.ledger.chainId,
      timestampMs: BigInt(at.timestampMs),
    });
  }

  private run(
    tx: ParsedTransaction,
    checked: CheckedTransaction,
    payment: GasPayment,
    { timestampMs, ...rest }: RunMoment,
  ): Outcome {
    const { registry } = this.ledger;
    const at = { epoch: this.epoch, timestampMs: BigInt(timestampMs) };
    return execute({ tx, checked, payment, registry, ...at, ...rest });
  }

  /**
   * Runs what was run before. To verify the signatures in it again would take most of the time of a start: what follows
   * from trusting them is what happened, if it has the effects that were logged.
   *
   * @throws ReplayError
   */
  private runAgain(
    tx: ParsedTransaction,
    checked: CheckedTransaction,
    effects: string,
    at: RunMoment,
  ): Outcome {
    for (const trusting of [true, false]) {
      const outcome = this.run(tx, checked, 'coins', { ...at, trusting });
      if (outcome.effectsDigest === effects) return outcome;
    }
    throw new ReplayError(`transaction ${tx.digest} now has other effects than when it was logged`);
  }

  private refuseLocked({ inputs }: CheckedTransaction): void {
    const used = inputs.flatMap((input) => (input.kind === 'object' ? [input.object.id] : []));
    const locked = this.faults.locked(used);
    if (locked) throw objectLocked(locked, '1'.repeat(32));
  }

  private replay(entry: LogEntry): void {
    switch (entry.kind) {
      case 'clock':
        this.offsetMs = entry.offsetMs;
        return;
      case 'checkpoint':
        this.ledger.tick(entry.timestampMs);
        return;
      case 'epoch':
        this.enterEpoch(BigInt(entry.epoch), BigInt(entry.gasPrice), entry.timestampMs);
        return;
      case 'transaction':
        this.replayTransaction(entry);
        return;
      case 'genesis':
        throw new ReplayError('the log has a second genesis');
    }
  }

  private enterEpoch(epoch: bigint, gasPrice: bigint, startMs: number): void {
    this.ledger.epoch = epoch;
    const { sequence } = this.ledger.tick(startMs);
    this.epochs.push({ epoch, gasPrice, startMs, firstCheckpoint: sequence });
    this.commits.wake();
  }

  private replayTransaction(entry: Extract<LogEntry, { kind: 'transaction' }>): void {
    const known = replayed.get(entry);
    if (known !== undefined) {
      this.ledger.commit(known.tx, known.signatures, known.outcome, entry.timestampMs);
      return;
    }
    const tx = parseTransaction(fromBase64(entry.bytes));
    const signatures = entry.signatures.map((signature) => fromBase64(signature));
    const { outcome } = this.apply(
      tx,
      signatures,
      entry.timestampMs,
      () => entry.forced,
      entry.effects,
    );
    replayed.set(entry, { tx, signatures, outcome });
  }
}

/** For callers that want the words only. */
export const failureText = (failure: ExecutionFailure | undefined): string | undefined =>
  failure &&
  (failure.command === undefined
    ? failure.message
    : `${failure.message}, in command ${failure.command}`);
