import type { Clock } from '../protocol/ports.ts';
import type { RowNews } from '../transfer/read/read-types.ts';

const BATCH_MS = 100;

/** Tells of rows together, ten times a second at most. */
export class RowBatch {
  readonly #clock: Clock;
  readonly #tell: (rows: readonly RowNews[]) => unknown;
  #rows: RowNews[] = [];
  #told: unknown;

  /** @param tell may give a promise, which settles when it is heard */
  constructor(clock: Clock, tell: (rows: readonly RowNews[]) => unknown) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(news: RowNews): void {
    this.#rows.push(news);
    if (this.#rows.length === 1) void this.#clock.sleep(BATCH_MS).then(() => this.#flush());
  }

  /** Tells what has not been told. Settles when all is heard: what comes by another way might be there before. */
  async end(): Promise<void> {
    this.#flush();
    await this.#told;
  }

  #flush(): void {
    if (this.#rows.length > 0) this.#told = this.#tell(this.#rows);
    this.#rows = [];
  }
}
