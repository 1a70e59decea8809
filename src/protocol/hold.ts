/** Holds work back between two of its steps, and lets it go on from there. */
export class Hold {
  readonly #listeners = new Set<() => void>();
  #isHeld = false;

  get isHeld(): boolean {
    return this.#isHeld;
  }

  set(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    for (const listener of [...this.#listeners]) listener();
  }

  /** @returns ends the subscription */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
