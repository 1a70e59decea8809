/** Values up to a number of bytes; what was used least recently is dropped first. */
export class ByteLru<Value> {
  readonly #limit: number;
  readonly #entries = new Map<string, { value: Value; bytes: number }>();
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value under a key, made if it is not there. The newest one is kept whatever its size. */
  get(key: string, bytes: number, make: () => Value): Value {
    const known = this.#entries.get(key);
    this.#entries.delete(key);
    const entry = known ?? { value: make(), bytes };
    if (known === undefined) this.#used += bytes;
    this.#entries.set(key, entry);
    for (const [oldest, { bytes: freed }] of this.#entries) {
      if (this.#used <= this.#limit || oldest === key) break;
      this.#entries.delete(oldest);
      this.#used -= freed;
    }
    return entry.value;
  }

  /** Nobody will ask for this one again. */
  drop(key: string): void {
    this.#used -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
