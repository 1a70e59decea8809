/** Bytes that a number takes as ULEB128. */
export function ulebBytes(value: number): number {
  let count = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) count++;
  return count;
}

/** Writes BCS into bytes of known length. */
export class ByteWriter {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  u8(value: number): this {
    this.bytes[this.#at++] = value;
    return this;
  }

  u16(value: number): this {
    return this.u8(value & 0xff).u8(value >>> 8);
  }

  u64(value: number): this {
    for (let i = 0, rest = value; i < 8; i++, rest = Math.floor(rest / 256)) this.u8(rest % 256);
    return this;
  }

  uleb(value: number): this {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.u8((rest % 128) | 0x80);
    return this.u8(rest);
  }

  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }
}
