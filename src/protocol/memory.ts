/** What a pure function has answered, by what it was asked. Bounded: what was kept first is forgotten first. */
export class Memory<T> {
  readonly #most: number;
  readonly #kept = new Map<string, T>();

  /** @param most answers that are kept, at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  /** The answer that is kept under `question`, or that of `make`, which is kept unless it throws. */
  get(question: string, make: () => T): T {
    const kept = this.#kept.get(question);
    if (kept !== undefined || this.#kept.has(question)) return kept as T;
    const made = make();
    if (this.#kept.size >= this.#most) {
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    }
    this.#kept.set(question, made);
    return made;
  }
}
