import { sha256 as sha256Of } from '@noble/hashes/sha2.js';

/** @returns 32 bytes */
export function sha256(bytes: Uint8Array): Uint8Array {
  return sha256Of(bytes);
}

/** SHA-256 of bytes that come in pieces. */
export class Sha256 {
  readonly #state = sha256Of.create();

  add(bytes: Uint8Array): void {
    this.#state.update(bytes);
  }

  /** @returns 32 bytes; nothing can be added any more */
  finish(): Uint8Array {
    return this.#state.digest();
  }
}
