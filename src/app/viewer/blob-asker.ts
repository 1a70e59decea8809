import type { Engine } from '../../engine/engine.ts';
import type { ReadKind, ReadQuestions } from '../../engine/read-questions.ts';
import type { RowNews } from '../../transfer/read/read-types.ts';

/** Asks the engine, and tells of every row that it hands out. */
export class BlobAsker {
  readonly #engine: () => Promise<Engine>;
  readonly #onRows: (rows: readonly RowNews[]) => void;

  constructor(engine: () => Promise<Engine>, onRows: (rows: readonly RowNews[]) => void) {
    this.#engine = engine;
    this.#onRows = onRows;
  }

  /** @param onShare told what part of the rows has come, 0 to 1 */
  async ask<K extends ReadKind>(
    kind: K,
    ask: ReadQuestions[K]['ask'],
    signal: AbortSignal,
    onShare?: (share: number) => void,
  ): Promise<ReadQuestions[K]['answer']> {
    const engine = await this.#engine();
    let count = 0;
    const onRows = (rows: readonly RowNews[]) => {
      count += rows.length;
      onShare?.(Math.min(1, count / (rows[0]?.rowCount ?? 1)));
      this.#onRows(rows);
    };
    return engine.read(kind, ask, { signal, onRows });
  }

  async network(signal: AbortSignal) {
    return (await this.#engine()).network(signal);
  }
}
