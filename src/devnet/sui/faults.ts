import type { FailureReason } from './execute/failure.ts';
import type { LedgerObject } from './ledger/ledger-object.ts';
import type { ObjectView } from './ledger/object-store.ts';
import type { Address } from './move/native.ts';

/** What a lying full node says when it resolves a transaction. Validators do not lie: execution is not touched. */
export interface GasLies {
  /** MIST per unit */
  readonly price?: bigint;
  readonly budget?: bigint;
  readonly owner?: Address;
  /** coins named as payment, whoever owns them */
  readonly coins?: readonly Address[];
}

export type Refusal = 'UNAVAILABLE' | 'RESOURCE_EXHAUSTED' | 'HTTP_429' | 'HTTP_502';

export interface ChainFaultSettings {
  /** executed transactions, their objects and events can be read only so much later, in ms */
  readonly finalityDelayMs: number;
  /** objects and balances are read as they were so long ago, in ms; transactions are not */
  readonly staleReadMs: number;
  /** the answer of an execution takes so much longer, in ms */
  readonly answerDelayMs: number;
  /** this many of the next executions are committed, and then the connection breaks */
  readonly dropAnswers: number;
  /** the next executions end so, one after the other, whatever they do; their gas is taken */
  readonly failExecutions: readonly FailureReason[];
  /** transactions that use these objects are refused as reserved by another one */
  readonly lockedObjects: readonly Address[];
  /** this many of the next requests are refused before anything happens */
  readonly refuseRequests: number;
  /** how: a status of gRPC, or an answer of a proxy in front of the full node */
  readonly refuseAs: Refusal;
  /** this many of the next executions are answered as if they were done, and are not */
  readonly pretendExecutions: number;
  /** the identity that the full node names, if not its own */
  readonly chainId: string | null;
  /** transactions and objects that this full node claims not to know, and leaves out of lists */
  readonly denied: readonly string[];
  /** this many of the next reads of a transaction or object say NOT_FOUND */
  readonly denyReads: number;
  readonly gas: GasLies;
  /** other contents for objects, by id: a false package, committee or price */
  readonly forged: Readonly<Record<Address, (contents: Uint8Array) => Uint8Array>>;
}

const NONE: ChainFaultSettings = {
  finalityDelayMs: 0,
  staleReadMs: 0,
  answerDelayMs: 0,
  dropAnswers: 0,
  failExecutions: [],
  lockedObjects: [],
  refuseRequests: 0,
  refuseAs: 'UNAVAILABLE',
  pretendExecutions: 0,
  chainId: null,
  denied: [],
  denyReads: 0,
  gas: {},
  forged: {},
};

/** The faults of the chain and of the full node in front of it. None by default. */
export class ChainFaults {
  private settings: ChainFaultSettings = NONE;
  /** how often each fault took effect */
  readonly counts: Record<string, number> = {};

  get now(): ChainFaultSettings {
    return this.settings;
  }

  /** Changes the named faults and leaves the others. */
  set(change: Partial<ChainFaultSettings>): void {
    this.settings = { ...this.settings, ...change };
  }

  clear(): void {
    this.settings = NONE;
  }

  /** How to refuse the request at hand, or undefined. */
  takeRefusal(): Refusal | undefined {
    return this.countDown('refuseRequests') ? this.settings.refuseAs : undefined;
  }

  takePretence = (): boolean => this.countDown('pretendExecutions');
  takeDrop = (): boolean => this.countDown('dropAnswers');

  takeFailure(): FailureReason | undefined {
    const [next, ...rest] = this.settings.failExecutions;
    if (!next) return undefined;
    this.set({ failExecutions: rest });
    this.count('failExecutions');
    return next;
  }

  /** Whether the full node says NOT_FOUND when it is asked for a transaction or object. */
  denies(name: string): boolean {
    return this.hides(name) || this.countDown('denyReads');
  }

  /** Whether the full node keeps a transaction or object out of everything that it tells. */
  hides(name: string): boolean {
    const hidden = this.settings.denied.includes(name);
    if (hidden) this.count('denied');
    return hidden;
  }

  /** What is left of a view without the hidden objects. */
  seen(view: ObjectView): ObjectView {
    if (this.settings.denied.length === 0) return view;
    const isShown = ({ id }: LedgerObject) => !this.hides(id);
    const shown = (object: LedgerObject | undefined) =>
      object && isShown(object) ? object : undefined;
    return {
      get: (id) => shown(view.get(id)),
      version: (id, version) => shown(view.version(id, version)),
      ownedBy: (parent) => view.ownedBy(parent).filter(isShown),
    };
  }

  locked(ids: readonly Address[]): Address | undefined {
    const found = ids.find((id) => this.settings.lockedObjects.includes(id));
    if (found) this.count('lockedObjects');
    return found;
  }

  /** The object as the full node tells it. */
  told(object: LedgerObject): LedgerObject {
    const forge = this.settings.forged[object.id];
    if (!forge) return object;
    this.count('forged');
    return { ...object, contents: forge(object.contents.slice()) };
  }

  count(fault: string): void {
    this.counts[fault] = (this.counts[fault] ?? 0) + 1;
  }

  private countDown(
    fault: 'refuseRequests' | 'dropAnswers' | 'denyReads' | 'pretendExecutions',
  ): boolean {
    const left = this.settings[fault];
    if (left <= 0) return false;
    this.set({ [fault]: left - 1 });
    this.count(fault);
    return true;
  }
}
