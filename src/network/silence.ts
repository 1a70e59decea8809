import type { Clock } from '../protocol/ports.ts';

/** Something that has to end when nothing moves for too long. */
export interface Silenced {
  silent(): void;
}

interface Idle {
  readonly ms: number;
  movedAt: number;
  /** whether anybody wants more of it: what nobody takes cannot move */
  isWanted: boolean;
}

/** Watches many exchanges with one timer: a timer for each would cost more than a small exchange itself. */
export class Silence {
  readonly #clock: Clock;
  readonly #open = new Map<Silenced, Idle>();
  /** when somebody looks again, and how to make that sooner or never */
  #lookAt = Number.POSITIVE_INFINITY;
  #sleep: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(exchange: Silenced, ms: number): void {
    const movedAt = this.#clock.monotonic();
    this.#open.set(exchange, { ms, movedAt, isWanted: true });
    if (movedAt + ms < this.#lookAt) void this.#wait(movedAt + ms);
  }

  moved(exchange: Silenced): void {
    const idle = this.#open.get(exchange);
    if (idle !== undefined) idle.movedAt = this.#clock.monotonic();
  }

  /** Whether more of an exchange is wanted from now on; until it is, no silence is counted. */
  wanted(exchange: Silenced, isWanted: boolean): void {
    const idle = this.#open.get(exchange);
    if (idle === undefined) return;
    idle.isWanted = isWanted;
    idle.movedAt = this.#clock.monotonic();
  }

  end(exchange: Silenced): void {
    this.#open.delete(exchange);
    if (this.#open.size === 0) this.#rest();
  }

  #rest(): void {
    this.#sleep?.abort();
    this.#sleep = undefined;
    this.#lookAt = Number.POSITIVE_INFINITY;
  }

  async #wait(until: number): Promise<void> {
    this.#rest();
    const sleep = new AbortController();
    this.#sleep = sleep;
    this.#lookAt = until;
    try {
      await this.#clock.sleep(until - this.#clock.monotonic(), sleep.signal);
    } catch {
      return; // all is over, or another one looks sooner
    }
    this.#look();
  }

  #look(): void {
    const now = this.#clock.monotonic();
    this.#lookAt = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const [exchange, { ms, movedAt, isWanted }] of [...this.#open]) {
      const end = (isWanted ? movedAt : now) + ms;
      if (end <= now) exchange.silent();
      else next = Math.min(next, end);
    }
    if (next < this.#lookAt) void this.#wait(next);
  }
}
