/** DER, as far as certificates need it. */

export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) digits.unshift(rest & 0xff);
  const header = length < 128 ? [tag, length] : [tag, 0x80 | digits.length, ...digits];
  return joined([Uint8Array.from(header), ...parts]);
}

export const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]) => der(0x31, ...parts);
export const octets = (bytes: Uint8Array) => der(0x04, bytes);
export const bits = (bytes: Uint8Array, unused = 0) => der(0x03, Uint8Array.of(unused), bytes);
export const boolean = (value: boolean) => der(0x01, Uint8Array.of(value ? 0xff : 0));
export const text = (value: string) => der(0x0c, new TextEncoder().encode(value));
/** A context tag around whole values. */
export const explicit = (number: number, ...parts: readonly Uint8Array[]) =>
  der(0xa0 | number, ...parts);
/** A context tag in place of a primitive value's own. */
export const implicit = (number: number, bytes: Uint8Array) => der(0x80 | number, bytes);

/** A non-negative integer from its big-endian bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at++;
  const digits = bytes.subarray(at);
  const needsZero = ((digits[0] ?? 0) & 0x80) !== 0;
  return der(0x02, ...(needsZero ? [Uint8Array.of(0)] : []), digits);
}

/** An object identifier such as `2.5.4.3`. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const value of rest) {
    const digits = [value & 0x7f];
    for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
    bytes.push(...digits);
  }
  return der(0x06, Uint8Array.from(bytes));
}

/** A time in the form for years from 2050 on, which holds for all years. */
export function time(ms: number): Uint8Array {
  const { years, days, seconds } = daysAndSeconds(ms);
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  const { month, day } = monthAndDay(years, days);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  // Years before 2050 have two digits and another tag.
  const isShort = years < 2_050;
  const year = isShort ? pad(years % 100) : pad(years, 4);
  const digits = `${year}${pad(month)}${pad(day)}${pad(h)}${pad(m)}${pad(s)}Z`;
  return der(isShort ? 0x17 : 0x18, new TextEncoder().encode(digits));
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysAndSeconds(ms: number): { years: number; days: number; seconds: number } {
  let days = Math.floor(ms / 86_400_000);
  let years = 1_970;
  for (let length = 365; days >= length; years++) {
    days -= length;
    length = isLeap(years + 1) ? 366 : 365;
  }
  return { years, days, seconds: Math.floor((ms % 86_400_000) / 1_000) };
}

function monthAndDay(year: number, day: number): { month: number; day: number } {
  const lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let left = day;
  let month = 0;
  while (left >= (lengths[month] as number)) left -= lengths[month++] as number;
  return { month: month + 1, day: left + 1 };
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
