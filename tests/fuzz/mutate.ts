import type { Xorshift } from './random.ts';

const LIMIT = 1 << 17; // longer inputs only slow the search down
const TELLING = [0x00, 0x01, 0x02, 0x7f, 0x80, 0x81, 0xfe, 0xff];

/**
 * Changes an input one to eight times: bits, bytes, numbers that matter to the format, and pieces
 * cut, doubled, moved in from another input or overwritten.
 */
export function mutate(input: Uint8Array, other: Uint8Array, random: Xorshift): Uint8Array {
  let bytes: Uint8Array = input.slice();
  for (let left = 1 + random.below(8); left > 0; left--) {
    bytes = step(bytes, other, random).subarray(0, LIMIT);
    if (random.below(3) === 0) break;
  }
  return bytes;
}

function step(bytes: Uint8Array, other: Uint8Array, random: Xorshift): Uint8Array {
  const at = random.below(bytes.length + 1);
  const size = Math.min(bytes.length - at, 1 + random.below(random.below(8) === 0 ? 4096 : 40));
  const telling = TELLING[random.below(TELLING.length)] ?? 0;
  switch (random.below(10)) {
    case 0:
      return overwrite(bytes, at, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.below(8))));
    case 1:
      return overwrite(bytes, at, Uint8Array.of(random.below(256)));
    case 2:
      return overwrite(bytes, at, Uint8Array.of(telling));
    case 3: // a number one higher or lower, as lengths and indices like to be wrong
      return overwrite(bytes, at, Uint8Array.of((bytes[at] ?? 0) + (random.below(2) * 2 - 1)));
    case 4:
      return splice(bytes, at, size, new Uint8Array());
    case 5:
      return bytes.subarray(0, at);
    case 6:
      return splice(bytes, at, 0, bytes.subarray(at, at + size));
    case 7:
      return splice(bytes, at, 0, new Uint8Array(1 + random.below(9)).fill(telling));
    case 8: {
      const from = random.below(other.length + 1);
      return splice(bytes, at, random.below(2) * size, other.subarray(from, from + size));
    }
    default: // the same number in a longer ULEB128 form
      return splice(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) | 0x80, 0));
  }
}

function overwrite(bytes: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  return splice(bytes, at, piece.length, piece);
}

function splice(bytes: Uint8Array, at: number, remove: number, piece: Uint8Array): Uint8Array {
  const rest = bytes.subarray(Math.min(bytes.length, at + remove));
  const result = new Uint8Array(at + piece.length + rest.length);
  result.set(bytes.subarray(0, at), 0);
  result.set(piece, at);
  result.set(rest, at + piece.length);
  return result;
}
