import type { Clock } from '../protocol/ports.ts';

interface Watched {
  lastMs: number;
  readonly onIdle: () => void;
}

/** What somebody who is watched reports. */
export interface Watch {
  /** Something happened: the time starts again. */
  seen(): void;
  end(): void;
}

/** Notices who falls silent, of many, with one timer. */
export class IdleWatch {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #watched = new Set<Watched>();
  #running = false;

  constructor(clock: Clock, idleMs: number) {
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  /** @param onIdle is called once, after up to a quarter more than the time */
  begin(onIdle: () => void): Watch {
    const watched: Watched = { lastMs: this.#clock.monotonic(), onIdle };
    this.#watched.add(watched);
    if (!this.#running) void this.#run();
    return {
      seen: () => {
        watched.lastMs = this.#clock.monotonic();
      },
      end: () => this.#watched.delete(watched),
    };
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#watched.size > 0) {
      await this.#clock.sleep(this.#idleMs / 4);
      const limit = this.#clock.monotonic() - this.#idleMs;
      for (const watched of this.#watched) {
        if (watched.lastMs > limit) continue;
        this.#watched.delete(watched);
        watched.onIdle();
      }
    }
    this.#running = false;
  }
}
