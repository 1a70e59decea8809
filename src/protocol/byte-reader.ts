import { type ErrorDetails, HauloutError, type MalformedReason } from './errors.ts';

/** Codes whose detail tells where and why parsing stopped. */
export type ParseErrorCode = 'metadata-malformed' | 'sliver-malformed' | 'symbol-malformed';

const MAX_SEQUENCE = 0x7fffffff; // BCS allows no longer sequence

/**
 * Reads BCS from bytes that may come from an attacker. Every read is checked against what is left
 * before anything is allocated, so no claimed length costs memory; byte strings come out as views.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #code: ParseErrorCode;
  #at = 0;

  constructor(bytes: Uint8Array, code: ParseErrorCode) {
    this.#bytes = bytes;
    this.#code = code;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  fail(reason: MalformedReason): never {
    const detail: ErrorDetails[ParseErrorCode] = { reason, offset: this.#at };
    throw new HauloutError(this.#code, detail);
  }

  u8(): number {
    if (this.left < 1) this.fail('truncated');
    return this.#bytes[this.#at++] as number;
  }

  u16(): number {
    if (this.left < 2) this.fail('truncated');
    return this.u8() | (this.u8() << 8);
  }

  /** A u64 that is a length: over 2^53 - 1 it cannot be one. */
  length64(): number {
    if (this.left < 8) this.fail('truncated');
    let value = 0;
    for (let i = 7; i >= 0; i--) value = value * 256 + (this.#bytes[this.#at + i] as number);
    if (value > Number.MAX_SAFE_INTEGER) this.fail('length');
    this.#at += 8;
    return value;
  }

  /** A ULEB128 number in its shortest form, at most 2^31 - 1. */
  uleb(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if ((byte === 0 && shift > 0) || value > MAX_SEQUENCE) this.fail('varint');
        return value;
      }
    }
    this.fail('varint');
  }

  /** The next `count` bytes as a view. */
  take(count: number): Uint8Array {
    if (count > this.left) this.fail('truncated');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  end(): void {
    if (this.left > 0) this.fail('trailing-bytes');
  }
}
