/**
 * The newest value for each reader. A reader that is slow misses what lay between, never the last,
 * and never a value for which `isStep` holds against the one before.
 */
export class Snapshots<T> implements AsyncIterable<T> {
  #latest: T;
  #isEnded = false;
  readonly #isStep: (before: T, after: T) => boolean;
  readonly #readers = new Set<Reader<T>>();

  constructor(first: T, isStep: (before: T, after: T) => boolean) {
    this.#latest = first;
    this.#isStep = isStep;
  }

  get latest(): T {
    return this.#latest;
  }

  push(value: T): void {
    const before = this.#latest;
    this.#latest = value;
    for (const reader of this.#readers) {
      const last = reader.waiting.length - 1;
      // Only progress since the last unread value: it takes its place.
      if (last >= 0 && !this.#isStep(before, value)) reader.waiting[last] = value;
      else reader.waiting.push(value);
      reader.wake();
    }
  }

  /** Readers end when they have read what is there; new ones get the last value, and end. */
  end(): void {
    this.#isEnded = true;
    for (const reader of this.#readers) reader.wake();
  }

  /** After an end: there is more to come. */
  begin(): void {
    this.#isEnded = false;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    const reader = new Reader<T>(this.#latest);
    this.#readers.add(reader);
    try {
      for (;;) {
        const next = reader.waiting.shift();
        if (next !== undefined) yield next;
        else if (this.#isEnded) return;
        else await reader.woken();
      }
    } finally {
      this.#readers.delete(reader);
    }
  }
}

class Reader<T> {
  readonly waiting: T[];
  #wake: () => void = () => undefined;
  #woken: Promise<void> | undefined;

  constructor(first: T) {
    this.waiting = [first];
  }

  wake(): void {
    this.#wake();
    this.#woken = undefined;
  }

  woken(): Promise<void> {
    this.#woken ??= new Promise((resolve) => {
      this.#wake = resolve;
    });
    return this.#woken;
  }
}
