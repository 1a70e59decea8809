import { bytesToHex } from '@noble/hashes/utils.js';
import { blobIdToInteger } from '../../../protocol/blob-id.ts';
import type { Call } from './call.ts';
import type { Address } from './native.ts';

const OUT_OF_RANGE = 0;

/** `0x2::bcs`: takes values off the front of bytes, and aborts where they end too early. */
export class Peel {
  readonly #call: Call;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(call: Call, bytes: Uint8Array) {
    this.#call = call;
    this.#bytes = bytes;
  }

  u8(): number {
    return this.#take(1, 'peel_u8')[0] as number;
  }

  u32(): number {
    return Number(this.#integer(4, 'peel_u32'));
  }

  u64(): bigint {
    return this.#integer(8, 'peel_u64');
  }

  u256(): bigint {
    return blobIdToInteger(this.#take(32, 'peel_u256'));
  }

  address(): Address {
    return `0x${bytesToHex(this.#take(32, 'peel_address'))}`;
  }

  #integer(length: number, name: string): bigint {
    let value = 0n;
    for (const byte of this.#take(length, name).toReversed()) value = value * 256n + BigInt(byte);
    return value;
  }

  #take(length: number, name: string): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) this.#call.context.abort('0x2::bcs', OUT_OF_RANGE, name);
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
