import { HASH_BYTES } from '../../protocol/metadata.ts';
import type { Random } from '../../protocol/ports.ts';

const ID_BYTES = 32;
const METADATA_HEADER = 2; // version and encoding, then the length
const SUFFIX_BYTES = 4;

/** Flips one bit of one byte in `begin..end`. */
export function flip(bytes: Uint8Array, random: Random, begin = 0, end = bytes.length): void {
  if (end <= begin) return;
  const at = begin + random.below(end - begin);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
}

/** A body with bytes flipped in the part that `where` names, the length as it was. */
export function corrupted(
  bytes: Uint8Array,
  where: 'data' | 'index' | 'symbolSize' | 'random',
  random: Random,
): Uint8Array {
  const changed = bytes.slice();
  const { length } = changed;
  if (where === 'index') flip(changed, random, length - 2, length);
  else if (where === 'symbolSize') flip(changed, random, length - SUFFIX_BYTES, length - 2);
  else if (where === 'data') flip(changed, random, Math.min(8, length >> 1), length - SUFFIX_BYTES);
  else flip(changed, random);
  return changed;
}

/** An answer of metadata with its ID, in which one thing is not true. */
export function wrongMetadata(
  bytes: Uint8Array,
  what: 'length' | 'hash' | 'id',
  random: Random,
): Uint8Array {
  const changed = bytes.slice();
  const lengthAt = ID_BYTES + METADATA_HEADER;
  if (what === 'length') flip(changed, random, lengthAt, lengthAt + 3);
  else if (what === 'id') flip(changed, random, 0, ID_BYTES);
  else flip(changed, random, changed.length - HASH_BYTES, changed.length);
  return changed;
}
