import { HauloutError } from '../protocol/errors.ts';

const PAGE = 65536;
/** Allocations are aligned to a cache line. */
const LINE = 64;
/** The kernel reads up to this far past the data it is given. */
const SLACK = 128;
/** Pointers are 32-bit, and the last page stays out of reach of over-reads. */
const LIMIT = 2 ** 32 - 2 * PAGE;

/** Hands out the memory above `base` in stack order. */
export class Arena {
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  #top: number;

  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory;
    this.#base = base;
    this.#top = base;
  }

  /**
   * Reserves `bytes` bytes; contents are undefined.
   *
   * @throws HauloutError `out-of-memory`
   */
  alloc(bytes: number): number {
    const ptr = Math.ceil(this.#top / LINE) * LINE;
    const end = ptr + bytes + SLACK;
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#grow(missing, end);
    this.#top = end;
    return ptr;
  }

  mark(): number {
    return this.#top;
  }

  release(mark: number): void {
    this.#top = mark;
  }

  clear(): void {
    this.#top = this.#base;
  }

  #grow(missing: number, end: number): void {
    if (end > LIMIT) throw new HauloutError('out-of-memory', { neededBytes: end });
    try {
      this.#memory.grow(Math.ceil(missing / PAGE));
    } catch (cause) {
      throw new HauloutError('out-of-memory', { neededBytes: end }, { cause });
    }
  }
}
