import type { Clock } from '../protocol/ports.ts';
import type { RowNews } from '../transfer/read/read-types.ts';

const BATCH_MS = 100;

/** Tells of rows together, ten times a second at most. */
export class RowBatch {
  readonly #clock: Clock;
  readonly #tell: (rows: readonly RowNews[]) => void;
  #rows: RowNews[] = [];

  constructor(clock: Clock, tell: (rows: readonly RowNews[]) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(news: RowNews): void {
    this.#rows.push(news);
    if (this.#rows.length === 1) void this.#clock.sleep(BATCH_MS).then(() => this.flush());
  }

  /** Tells what has not been told. */
  flush(): void {
    if (this.#rows.length > 0) this.#tell(this.#rows);
    this.#rows = [];
  }
}
