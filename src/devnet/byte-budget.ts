/** A number of bytes that requests share. Who finds too few left waits; the first to come is the first to go. */
export class ByteBudget {
  readonly #limit: number;
  #used = 0;
  #waiting: { bytes: number; go(): void }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /**
   * Takes bytes, at most all there are.
   *
   * @returns a function that gives them back; more calls do nothing
   */
  async take(wanted: number): Promise<() => void> {
    const bytes = Math.min(wanted, this.#limit);
    if (this.#waiting.length > 0 || this.#used + bytes > this.#limit) {
      await new Promise<void>((go) => this.#waiting.push({ bytes, go }));
    } else {
      this.#used += bytes;
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#used -= bytes;
      this.#letIn();
    };
  }

  #letIn(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#used + next.bytes > this.#limit) return;
      this.#waiting.shift();
      this.#used += next.bytes;
      next.go();
    }
  }
}
