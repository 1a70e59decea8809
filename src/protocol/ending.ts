/**
 * An end that may come while work is under way, or never.
 *
 * `Promise.race` with a promise that lives long holds the result of every race for as long: this holds nothing of work
 * that has settled.
 */
export class Ending {
  readonly #waiting = new Set<(error: unknown) => void>();
  #ended: { readonly error: unknown } | undefined;

  /** Fails what is under way and all that comes later; the first error counts. */
  end(error: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error };
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
  }

  /** What `work` gives, unless the end comes before. It is not stopped, only left. */
  until<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const settled = () => this.#waiting.delete(reject);
      work.then(settled, settled);
      work.then(resolve, reject);
      if (this.#ended !== undefined) reject(this.#ended.error);
      else this.#waiting.add(reject);
    });
  }
}
