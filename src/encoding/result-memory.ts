import { allocate } from './allocate.ts';

/**
 * A thread's memory for slivers and other large results. What is given back, and what an earlier
 * blob leaves, is used first: the system takes 0.4 to 1 ms to provide a fresh MiB, as long as all
 * the arithmetic.
 */
export class ResultMemory {
  readonly #spare = new Map<number, ArrayBuffer[]>();

  /**
   * A buffer of that many bytes, with anything in it.
   *
   * @throws HauloutError 'out-of-memory'
   */
  take(neededBytes: number): Uint8Array<ArrayBuffer> {
    const spare = this.#spare.get(neededBytes)?.pop();
    return spare === undefined ? allocate(neededBytes) : new Uint8Array(spare);
  }

  /** A copy of some bytes in such a buffer. */
  copy(bytes: Uint8Array): ArrayBuffer {
    const copy = this.take(bytes.length);
    copy.set(bytes);
    return copy.buffer;
  }

  give(buffer: ArrayBuffer): void {
    const alike = this.#spare.get(buffer.byteLength);
    if (alike === undefined) this.#spare.set(buffer.byteLength, [buffer]);
    else alike.push(buffer);
  }

  /** Lets everything go that nobody uses. */
  clear(): void {
    this.#spare.clear();
  }
}

/** Takes the buffers behind results that nobody needs any more; the results are empty afterwards. */
export function buffersOf(results: readonly Uint8Array[]): ArrayBuffer[] {
  const buffers = new Set(results.map(({ buffer }) => buffer as ArrayBuffer));
  return [...buffers]
    .filter(({ byteLength }) => byteLength > 0)
    .map((buffer) => structuredClone(buffer, { transfer: [buffer] }));
}
