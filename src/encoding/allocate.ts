import { HauloutError } from '../protocol/errors.ts';

/** @throws HauloutError 'out-of-memory' */
export function allocate(neededBytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(neededBytes);
  } catch (cause) {
    throw new HauloutError('out-of-memory', { neededBytes }, { cause });
  }
}
