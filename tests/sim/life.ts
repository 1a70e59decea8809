import { HauloutError } from '../../src/protocol/errors.ts';
import type { Clock, DurableStore, Locks, Random, Write } from '../../src/protocol/ports.ts';
import { MemoryStore, type StoreSnapshot } from '../../src/store/memory-store.ts';
import { type Scheduler, type SimEvent, START_MS } from './scheduler.ts';

/** One page, worker or process, until it is killed. Dead code stays parked at its doors for ever. */
export class Life {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #bornMs: number;
  alive = true;
  /** what waits until the machine wakes up; undefined while it is awake */
  #asleep: (() => void)[] | undefined;

  constructor(name: string, scheduler: Scheduler) {
    this.name = name;
    this.#scheduler = scheduler;
    this.#bornMs = scheduler.nowMs;
  }

  /** Runs `work` after a while, unless this life has ended by then. */
  at(delayMs: number, what: string, work: () => void): SimEvent {
    return this.#scheduler.at(delayMs, this.name, what, () => {
      if (!this.alive) return;
      if (this.#asleep !== undefined) this.#asleep.push(() => this.at(0, `${what}, late`, work));
      else work();
    });
  }

  /** Nothing reaches it until it wakes up; then everything does at once. */
  sleep(): void {
    this.#asleep ??= [];
  }

  wake(): void {
    const late = this.#asleep ?? [];
    this.#asleep = undefined;
    for (const each of late) each();
  }

  /** @param skewMs how wrong the wall clock is now */
  clock(skewMs: () => number): Clock {
    return {
      wall: () => START_MS + this.#scheduler.nowMs + skewMs(),
      monotonic: () => this.#scheduler.nowMs - this.#bornMs,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          const abort = () => {
            this.#scheduler.cancel(timer);
            reject(new HauloutError('aborted', {}, { cause: signal?.reason }));
          };
          // As timers do: whole milliseconds, so that time passes in every loop.
          const timer = this.at(Math.ceil(ms), 'timer', () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          });
          if (signal?.aborted) abort();
          else signal?.addEventListener('abort', abort, { once: true });
        }),
    };
  }
}

/** `relaxed` commits of so long ago can be lost with the power. */
const UNSAFE_MS = 5_000;

/** Looks at what was written, and at what was there before. */
export type CommitWatch = (
  profile: Profile<Record<string, unknown>>,
  life: Life,
  writes: readonly Write<Record<string, unknown>>[],
  before: StoreSnapshot,
) => void;

/** What one browser profile keeps, and the locks of its pages. */
export class Profile<Stores> {
  readonly rows = new MemoryStore<Stores>();
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #locks = new Map<string, Life>();
  /** what the disk held after each commit that the power can still take back, oldest first */
  #unsafe: { atMs: number; before: StoreSnapshot }[] = [];
  isFull = false;
  fullRefusals = 0;
  /** pages that believe to have locks that the browser gave to others */
  readonly robbed = new Set<Life>();
  onCommit: CommitWatch = () => undefined;

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler;
    this.#random = random;
  }

  /** Takes back some of the newest `relaxed` commits, never one that a `strict` one followed. */
  losePower(): number {
    const since = this.#scheduler.nowMs - UNSAFE_MS;
    const unsafe = this.#unsafe.filter(({ atMs }) => atMs >= since);
    const first = unsafe[this.#random.below(unsafe.length + 1)];
    if (first === undefined) return 0;
    this.rows.restore(first.before);
    return unsafe.length - unsafe.indexOf(first);
  }

  wipe(): void {
    this.rows.restore(new Map());
    this.#unsafe = [];
  }

  store(life: Life): DurableStore<Stores> {
    const call = <T>(what: string, work: () => Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        const spent = this.#random.below(3);
        this.#scheduler.at(spent, life.name, what, () => {
          if (!life.alive) return;
          work().then(
            (value) => life.at(spent, `${what} done`, () => resolve(value)),
            (error) => life.at(spent, `${what} failed`, () => reject(error)),
          );
        });
      });
    return {
      get: (store, key) => call(`get ${String(store)}`, () => this.rows.get(store, key)),
      scan: (store, range) => call(`scan ${String(store)}`, () => this.rows.scan(store, range)),
      keys: (store, range) => call(`keys ${String(store)}`, () => this.rows.keys(store, range)),
      commit: (writes, durability) =>
        call(`commit ${writes.map(({ store }) => String(store)).join()} ${durability}`, () =>
          this.#commit(life, structuredClone(writes), durability),
        ),
    };
  }

  async #commit(life: Life, writes: readonly Write<Stores>[], durability: string): Promise<void> {
    if (this.isFull && writes.some(({ value }) => value !== undefined)) {
      this.fullRefusals++;
      throw new HauloutError('store-full', {});
    }
    const before = this.rows.snapshot();
    await this.rows.commit(writes);
    const plain = writes as unknown as readonly Write<Record<string, unknown>>[];
    this.onCommit(this as unknown as Profile<Record<string, unknown>>, life, plain, before);
    if (durability === 'strict') this.#unsafe = [];
    else this.#unsafe.push({ atMs: this.#scheduler.nowMs, before });
  }

  /** As browsers do to pages that are frozen: what they hold goes to whoever asks next. */
  loseLocks(): void {
    for (const life of this.#locks.values()) this.robbed.add(life);
    this.#locks.clear();
  }

  holderOf(name: string): Life | undefined {
    return this.#locks.get(name);
  }

  locks(life: Life): Locks {
    return {
      hold: async (name, work) => {
        if (this.#locks.get(name)?.alive) return 'busy';
        this.#locks.set(name, life);
        try {
          return await work();
        } finally {
          if (this.#locks.get(name) === life) this.#locks.delete(name);
        }
      },
    };
  }
}
