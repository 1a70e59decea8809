import { signMessage } from '../protocol/certificate.ts';
import { Memory } from '../protocol/memory.ts';

/** Signs for several nodes, and remembers what was signed: the same confirmation is asked for again and again. */
export class Signer {
  readonly #signatures = new Memory<Uint8Array>(1024);

  /** @returns 96 bytes */
  sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array {
    const sign = () => signMessage(secretKey, message);
    return this.#signatures.get(`${secretKey}:${message}`, sign).slice();
  }
}
