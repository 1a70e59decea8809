import { HauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';

/** Browsers open so many connections to one host over HTTP/1.1; more requests would wait there unseen. */
export const HOST_REQUESTS = 6;
/** Below the limit of browsers over all hosts, 256. */
const ALL_REQUESTS = 192;
const MAX_BYTES = 24 << 20;
const FIRST_BYTES = 512 << 10;
/** the part of all bytes under way that may go to one host: one that hangs must not hold up the others */
const HOST_PART = 1 / 4;
/** what is under way should be through after so long */
const AHEAD_MS = 8_000;
/** how fast the past is forgotten when the rate is measured */
const MEMORY_MS = 5_000;
/** taken until something is measured, and the least afterwards */
const UNKNOWN_BYTES_PER_MS = 32;
const SLOWEST_BYTES_PER_MS = 8;
/** a request may take so many times as long as all that is under way should need */
const PATIENCE = 3;
const BASE_IDLE_MS = 15_000;
const LONGEST_IDLE_MS = 600_000;

/** What is under way. */
interface Load {
  readonly requests: number;
  readonly bytes: number;
}

const NOTHING: Load = { requests: 0, bytes: 0 };

interface Waiter {
  readonly host: string;
  readonly bytes: number;
  readonly order: () => number;
  start(): void;
}

/**
 * Decides which request goes next: so many at a time per host and over all hosts, and so many bytes as the line takes
 * within some seconds. What waits here has not begun, so no time-out runs. One for all uploads of a client.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #hosts = new Map<string, Load>();
  readonly #waiting = new Set<Waiter>();
  #all = NOTHING;
  #uploads = 0;
  #lastAt = 0;
  #pastBytes = 0;
  #pastMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Bytes per millisecond that hosts took lately; 0 while nothing is known. */
  get rate(): number {
    return this.#pastMs > 0 ? this.#pastBytes / this.#pastMs : 0;
  }

  /** A number for an upload; earlier ones go first. */
  nextUpload(): number {
    return this.#uploads++;
  }

  /**
   * Waits for its turn, then runs `work`.
   *
   * @param order asked each time there is room; the smallest goes first
   * @param work gets the silence that is fair for it, in ms, and what it may call when it takes longer than it should:
   *   its bytes stand in the way of no other request any more
   */
  async run<T>(
    { host, bytes, order }: { host: string; bytes: number; order: () => number },
    work: (idleMs: number, late: () => void) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    await this.#turn({ host, bytes, order }, signal);
    let moved = 0;
    let held = bytes;
    const late = () => {
      this.#count(host, 0, -held);
      held = 0;
      this.#next();
    };
    try {
      const result = await work(this.#idleMs(), late);
      moved = bytes;
      return result;
    } finally {
      this.#measure(moved);
      this.#count(host, -1, -held);
      held = 0;
      this.#next();
    }
  }

  #turn(turn: Omit<Waiter, 'start'>, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.delete(waiter);
        reject(new HauloutError('aborted', {}, { cause: signal.reason }));
      };
      const waiter: Waiter = {
        ...turn,
        start: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.add(waiter);
      this.#next();
    });
  }

  /** Starts those that fit, the first in order first. */
  #next(): void {
    for (;;) {
      let first: Waiter | undefined;
      for (const waiter of this.#waiting) {
        const atHost = this.#hosts.get(waiter.host) ?? NOTHING;
        if (!fits(atHost, waiter.bytes, HOST_REQUESTS, HOST_PART * this.#ahead)) continue;
        if (first === undefined || waiter.order() < first.order()) first = waiter;
      }
      if (first === undefined || !fits(this.#all, first.bytes, ALL_REQUESTS, this.#ahead)) return;
      this.#waiting.delete(first);
      this.#count(first.host, 1, first.bytes);
      first.start();
    }
  }

  /** How many bytes may be under way. */
  get #ahead(): number {
    return Math.max(FIRST_BYTES, Math.min(MAX_BYTES, this.rate * AHEAD_MS));
  }

  #count(host: string, requests: number, bytes: number): void {
    if (this.#all.requests === 0) this.#lastAt = this.#clock.monotonic();
    this.#all = plus(this.#all, requests, bytes);
    const atHost = plus(this.#hosts.get(host) ?? NOTHING, requests, bytes);
    if (atHost.requests === 0) this.#hosts.delete(host);
    else this.#hosts.set(host, atHost);
  }

  #measure(bytes: number): void {
    const now = this.#clock.monotonic();
    const passedMs = now - this.#lastAt;
    const kept = Math.exp(-passedMs / MEMORY_MS);
    this.#pastBytes = this.#pastBytes * kept + bytes;
    this.#pastMs = this.#pastMs * kept + passedMs;
    this.#lastAt = now;
  }

  #idleMs(): number {
    const rate = this.rate > 0 ? Math.max(this.rate, SLOWEST_BYTES_PER_MS) : UNKNOWN_BYTES_PER_MS;
    return Math.min(LONGEST_IDLE_MS, BASE_IDLE_MS + (PATIENCE * this.#all.bytes) / rate);
  }
}

function plus(load: Load, requests: number, bytes: number): Load {
  return { requests: load.requests + requests, bytes: load.bytes + bytes };
}

/** Whether one more request may go. The first bytes always may, however many they are. */
function fits(load: Load, bytes: number, requests: number, limit: number): boolean {
  return load.requests < requests && (load.bytes === 0 || load.bytes + bytes <= limit);
}
