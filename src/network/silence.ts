import type { Clock } from '../protocol/ports.ts';

/** Something that has to end when nothing moves for too long. */
export interface Silenced {
  silent(): void;
}

interface Idle {
  readonly ms: number;
  movedAt: number;
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
    this.#open.set(exchange, { ms, movedAt });
    if (movedAt + ms < this.#lookAt) void this.#wait(movedAt + ms);
  }

  moved(exchange: Silenced): void {
    const idle = this.#open.get(exchange);
    if (idle !== undefined) idle.movedAt = this.#clock.monotonic();
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
    for (const [exchange, { ms, movedAt }] of [...this.#open]) {
      if (movedAt + ms <= now) exchange.silent();
      else next = Math.min(next, movedAt + ms);
    }
    if (next < this.#lookAt) void this.#wait(next);
  }
}
