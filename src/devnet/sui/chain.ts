import { fromBase64, toBase64 } from '@mysten/bcs';
import type { Clock } from '../../protocol/ports.ts';
import type { ExecutionFailure, FailureReason } from './execute/failure.ts';
import { FIRST_GAS_PRICE } from './execute/gas.ts';
import type { GasPayment } from './execute/gas-coin.ts';
import { checkTransaction, objectLocked } from './execute/inputs.ts';
import { execute, type Outcome } from './execute/run.ts';
import { checkSignatures } from './execute/signatures.ts';
import { type ParsedTransaction, parseTransaction } from './execute/transaction.ts';
import { ChainFaults } from './faults.ts';
import type { ExecutedTransaction } from './ledger/ledger.ts';
import { Ledger } from './ledger/ledger.ts';
import type { LedgerObject } from './ledger/ledger-object.ts';
import type { ChainLog, LogEntry } from './ledger/log.ts';
import type { ObjectReader } from './ledger/object-store.ts';
import type { Address, GenesisPart } from './move/native.ts';
import { Code, RpcStatus } from './status.ts';

export interface ChainSettings {
  /** goes into the identity of the chain, with the genesis */
  readonly name: string;
  /** `startMs` is the time of the first start, also when the chain is opened again */
  readonly genesis: (startMs: number) => readonly GenesisPart[];
  readonly clock: Clock;
  readonly log: ChainLog;
}

/** Where the full node reads: newest, or as late as the faults make it. */
export interface View extends ObjectReader {
  ownedBy(parent: Address): readonly LedgerObject[];
}

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

/** A chain of one validator: checks, executes, remembers. Everything it does is in its log. */
export class SuiChain {
  readonly ledger: Ledger;
  readonly faults = new ChainFaults();
  private readonly clock: Clock;
  private readonly log: ChainLog;
  private readonly listeners = new Set<(executed: ExecutedTransaction) => void>();
  private readonly waiting = new Set<() => void>();
  private readonly epochs: EpochState[];
  private offsetMs = 0;
  private saved: Promise<void> = Promise.resolve();

  private constructor(settings: ChainSettings, startMs: number) {
    this.clock = settings.clock;
    this.log = settings.log;
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
      await chain.save({ kind: 'genesis', chain: chain.ledger.chainId, startMs });
    } else if (first.kind !== 'genesis' || first.chain !== chain.ledger.chainId) {
      throw new ReplayError('the log belongs to a chain with another genesis');
    }
    for (const entry of entries.slice(1)) chain.replay(entry);
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
   * @throws RpcStatus when it is refused before execution
   */
  async execute(
    bytes: Uint8Array,
    signatures: readonly Uint8Array[],
  ): Promise<ExecutedTransaction> {
    const tx = parseTransaction(bytes);
    await checkSignatures(tx, signatures);
    const known = this.ledger.transaction(tx.digest);
    if (known) {
      await this.saved;
      return known;
    }
    const executed = this.apply(tx, signatures, this.now(), 'coins', () =>
      this.faults.takeFailure(),
    );
    await this.saved;
    return executed;
  }

  /** Executes a transaction of the chain itself: no signature, no gas. Its sender's objects are its own. */
  async executeOwn(bytes: Uint8Array): Promise<ExecutedTransaction> {
    const executed = this.apply(parseTransaction(bytes), [], this.now(), 'nobody');
    await this.saved;
    return executed;
  }

  /**
   * What a transaction would do, on any view of the objects.
   *
   * @throws RpcStatus when it would be refused before execution
   */
  trial(tx: ParsedTransaction, payment: GasPayment, at: TrialOptions = {}): Outcome {
    const timestampMs = BigInt(at.timestampMs ?? this.now());
    const objects = at.objects ?? this.ledger.at(Number(timestampMs));
    const { registry, chainId } = this.ledger;
    const { epoch, gasPrice } = this.epochState;
    const gas = payment === 'coins' ? 'paid' : 'invented';
    const ownership = at.ownership ?? true;
    const rules = {
      registry,
      objects,
      gas,
      ownership,
      epoch,
      gasPrice,
      chainId,
      timestampMs,
    } as const;
    const checked = checkTransaction(tx, rules);
    return execute({ tx, checked, payment, registry, objects, epoch, timestampMs });
  }

  /** Calls `listener` after every commit, at once. */
  onCommit(listener: (executed: ExecutedTransaction) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Puts the clock forward. */
  async advanceClock(ms: number): Promise<number> {
    this.offsetMs += ms;
    this.store({ kind: 'clock', offsetMs: this.offsetMs });
    await this.advanceCheckpoint();
    return this.ledger.latest.timestampMs;
  }

  /** Begins the next epoch of Sui: transactions that expire with the present one are refused from now on. */
  async advanceEpoch(gasPrice = this.epochState.gasPrice): Promise<EpochState> {
    const timestampMs = this.now();
    const epoch = this.epoch + 1n;
    this.enterEpoch(epoch, gasPrice, timestampMs);
    this.store({ kind: 'epoch', epoch: `${epoch}`, gasPrice: `${gasPrice}`, timestampMs });
    await this.saved;
    return this.epochState;
  }

  async advanceCheckpoint(): Promise<void> {
    const timestampMs = this.now();
    this.ledger.tick(timestampMs);
    this.store({ kind: 'checkpoint', timestampMs });
    for (const wake of [...this.waiting]) wake();
    await this.saved;
  }

  /** Resolves with the next checkpoint, or when `signal` fires. */
  nextCheckpoint(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
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
  view(): View {
    const { finalityDelayMs, staleReadMs } = this.faults.now;
    const height = this.visibleHeight(Math.max(finalityDelayMs, staleReadMs));
    if (height === this.ledger.height) return this.ledger.objects;
    this.faults.count(finalityDelayMs > staleReadMs ? 'finalityDelayMs' : 'staleReadMs');
    return this.ledger.objectsAsOf(height);
  }

  async close(): Promise<void> {
    await this.saved.catch(() => {});
    await this.log.close();
  }

  private apply(
    tx: ParsedTransaction,
    signatures: readonly Uint8Array[],
    timestampMs: number,
    payment: 'coins' | 'nobody',
    force: () => FailureReason | undefined = () => undefined,
  ): ExecutedTransaction {
    const objects = this.ledger.at(timestampMs);
    const checked = checkTransaction(tx, {
      registry: this.ledger.registry,
      objects,
      gas: payment === 'coins' ? 'paid' : 'invented',
      ownership: true,
      epoch: this.epoch,
      gasPrice: this.epochState.gasPrice,
      chainId: this.ledger.chainId,
      timestampMs: BigInt(timestampMs),
    });
    const used = checked.inputs.flatMap((input) =>
      input.kind === 'object' ? [input.object.id] : [],
    );
    const locked = payment === 'coins' ? this.faults.locked(used) : undefined;
    if (locked) throw objectLocked(locked, '1'.repeat(32));
    const forced = force();
    const outcome = execute({
      tx,
      checked,
      payment,
      registry: this.ledger.registry,
      objects,
      epoch: this.epoch,
      timestampMs: BigInt(timestampMs),
      forced,
    });
    const executed = this.ledger.commit(tx, signatures, outcome, timestampMs);
    this.store({
      kind: 'transaction',
      bytes: toBase64(tx.bytes),
      signatures: signatures.map((signature) => toBase64(signature)),
      timestampMs,
      effects: outcome.effectsDigest,
      ...(payment === 'nobody' ? { own: true } : {}),
      ...(forced ? { forced } : {}),
    });
    this.tell(executed);
    return executed;
  }

  /** A listener that throws does not keep the others from hearing; the commit stands in any case. */
  private tell(executed: ExecutedTransaction): void {
    const errors: unknown[] = [];
    for (const listener of [...this.listeners]) {
      try {
        listener(executed);
      } catch (error) {
        errors.push(error);
      }
    }
    for (const wake of [...this.waiting]) wake();
    if (errors.length > 0) throw errors[0];
  }

  private replaying = false;

  private replay(entry: LogEntry): void {
    this.replaying = true;
    try {
      if (entry.kind === 'clock') this.offsetMs = entry.offsetMs;
      if (entry.kind === 'checkpoint') this.ledger.tick(entry.timestampMs);
      if (entry.kind === 'epoch') {
        this.enterEpoch(BigInt(entry.epoch), BigInt(entry.gasPrice), entry.timestampMs);
      }
      if (entry.kind === 'transaction') this.replayTransaction(entry);
    } finally {
      this.replaying = false;
    }
  }

  private enterEpoch(epoch: bigint, gasPrice: bigint, startMs: number): void {
    this.ledger.epoch = epoch;
    const { sequence } = this.ledger.tick(startMs);
    this.epochs.push({ epoch, gasPrice, startMs, firstCheckpoint: sequence });
    for (const wake of [...this.waiting]) wake();
  }

  private replayTransaction(entry: Extract<LogEntry, { kind: 'transaction' }>): void {
    const tx = parseTransaction(fromBase64(entry.bytes));
    const signatures = entry.signatures.map((signature) => fromBase64(signature));
    const payment = entry.own ? 'nobody' : 'coins';
    const { outcome } = this.apply(tx, signatures, entry.timestampMs, payment, () => entry.forced);
    if (outcome.effectsDigest !== entry.effects) {
      throw new ReplayError(
        `transaction ${tx.digest} now has other effects than when it was logged`,
      );
    }
  }

  private store(entry: LogEntry): void {
    if (this.replaying) return;
    const save = this.save(entry);
    this.saved = Promise.all([this.saved, save]).then(() => {});
    // Whoever waits for the commit is told; nobody else needs to hear of it.
    this.saved.catch(() => {});
  }

  private async save(entry: LogEntry): Promise<void> {
    try {
      await this.log.append(entry);
    } catch (cause) {
      throw new RpcStatus(Code.internal, 'the log of the chain cannot be written', { cause });
    }
  }
}

/** For callers that want the words only. */
export const failureText = (failure: ExecutionFailure | undefined): string | undefined =>
  failure &&
  (failure.command === undefined
    ? failure.message
    : `${failure.message}, in command ${failure.command}`);
