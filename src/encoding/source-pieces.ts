import type { LoadTask, Range } from './tasks.ts';

/** Bytes of one piece: the caller's thread copies that much at a time. */
const PIECE_BYTES = 512 << 10;

/**
 * Hands a source of bytes to threads, piece by piece, in buffers that come back: a copy in fresh
 * memory for each thread would cost the caller's thread several times as long.
 */
export class SourcePieces {
  readonly #source: Uint8Array;
  readonly #spare: ArrayBuffer[] = [];
  /** per thread the bytes that it was given */
  readonly #given = new Map<number, number>();

  constructor(source: Uint8Array) {
    this.#source = source;
  }

  /** The next piece for `thread`, until it has them all. */
  next(thread: number): LoadTask | undefined {
    const begin = this.#given.get(thread) ?? 0;
    const end = Math.min(this.#source.length, begin + PIECE_BYTES);
    if (begin >= end) return undefined;
    this.#given.set(thread, end);
    const bytes = this.#spare.pop() ?? new ArrayBuffer(PIECE_BYTES);
    new Uint8Array(bytes).set(this.#source.subarray(begin, end));
    const piece: Range = { begin, end };
    return { kind: 'load', ...piece, bytes, moves: [bytes] };
  }

  /** Takes a buffer back. */
  returned(bytes: ArrayBuffer): void {
    this.#spare.push(bytes);
  }

  /** Forgets a thread, which no longer holds what it was given. */
  left(thread: number): void {
    this.#given.delete(thread);
  }
}
