import { Sha256, sha256 } from '../../protocol/digest.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { StoreSource } from './types.ts';

const PIECE_BYTES = 4 << 20;

/** The name that a person gave the bytes, if they have one. */
export function nameOf(source: StoreSource): { name?: string } {
  return typeof File === 'function' && source instanceof File ? { name: source.name } : {};
}

export function bytesIn(source: StoreSource): number {
  return source instanceof Uint8Array ? source.length : source.size;
}

/** The source as a `Blob`, without a copy of a `Blob`. */
export function asBlob(source: StoreSource): Blob {
  return source instanceof Uint8Array ? new Blob([source]) : source;
}

/**
 * SHA-256 of all bytes, read in pieces.
 *
 * @throws HauloutError 'file-unreadable', 'aborted'
 */
export async function digestOf(source: StoreSource, signal: AbortSignal): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return sha256(source);
  const hash = new Sha256();
  for (let begin = 0; begin < source.size; begin += PIECE_BYTES) {
    if (signal.aborted) throw new HauloutError('aborted', {});
    try {
      hash.add(new Uint8Array(await source.slice(begin, begin + PIECE_BYTES).arrayBuffer()));
    } catch (cause) {
      throw new HauloutError('file-unreadable', nameOf(source), { cause });
    }
  }
  return hash.finish();
}
