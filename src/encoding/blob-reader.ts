import { HauloutError } from '../protocol/errors.ts';

/** Reads a blob's bytes in pieces. */
export interface BlobReader {
  readonly bytes: number;
  /**
   * Gives bytes `begin..end`, as a view where they are in memory.
   *
   * @throws HauloutError 'file-gone', 'file-unreadable', 'file-changed'
   */
  read(begin: number, end: number): Promise<Uint8Array>;
}

/**
 * Opens a source; a `Blob` is never read whole.
 *
 * @param wasRead whether some of it could be read before, by anybody
 */
export function openReader(source: Blob | Uint8Array, wasRead: boolean): BlobReader {
  if (source instanceof Uint8Array) {
    return { bytes: source.length, read: async (begin, end) => source.subarray(begin, end) };
  }
  return new BlobPieces(source, wasRead);
}

/** The name that a person gave the source, if it has one. */
export function nameOf(source: Blob | Uint8Array): { name?: string } {
  return typeof File === 'function' && source instanceof File ? { name: source.name } : {};
}

class BlobPieces implements BlobReader {
  readonly bytes: number;
  readonly #blob: Blob;
  #wasRead: boolean;

  constructor(blob: Blob, wasRead: boolean) {
    this.#wasRead = wasRead;
    this.#blob = blob;
    this.bytes = blob.size;
  }

  async read(begin: number, end: number): Promise<Uint8Array> {
    let bytes: ArrayBuffer;
    try {
      // Not into buffers of ours through `stream()`: in Chromium 156 such a read may never settle.
      bytes = await this.#blob.slice(begin, end).arrayBuffer();
    } catch (error) {
      throw new HauloutError(this.#codeOf(error), nameOf(this.#blob), { cause: error });
    }
    if (bytes.byteLength !== end - begin)
      throw new HauloutError('file-changed', nameOf(this.#blob));
    this.#wasRead = true;
    return new Uint8Array(bytes);
  }

  #codeOf(error: unknown): 'file-gone' | 'file-changed' | 'file-unreadable' {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NotFoundError') return 'file-gone';
    // Chromium refuses a file that was written to with the same error as one that it cannot read; what
    // could be read a moment ago was written to.
    return name === 'NotReadableError' && this.#wasRead ? 'file-changed' : 'file-unreadable';
  }
}

/** What a file said of itself when its encoding began. */
export interface SourceStamp {
  readonly bytes: number;
  readonly modifiedMs: number | undefined;
}

export function stampOf(source: Blob | Uint8Array): SourceStamp {
  const isFile = typeof File === 'function' && source instanceof File;
  const bytes = source instanceof Uint8Array ? source.length : source.size;
  return { bytes, modifiedMs: isFile ? source.lastModified : undefined };
}

/** @throws HauloutError 'file-changed' if the source is not what it was */
export function checkStamp(source: Blob | Uint8Array, before: SourceStamp): void {
  const now = stampOf(source);
  if (now.bytes === before.bytes && now.modifiedMs === before.modifiedMs) return;
  throw new HauloutError('file-changed', nameOf(source));
}
