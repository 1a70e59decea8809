import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Random } from '../protocol/ports.ts';

/**
 * A stream of chance that depends on a seed and a name alone. Each actor draws from a stream of its own: taking one
 * actor away does not change what the others draw.
 */
export function seededRandom(seed: string, name: string): Random {
  const key = sha256(utf8ToBytes(`${seed.length}:${seed}:${name}`));
  let counter = 0;
  let block = new Uint8Array();
  let at = 0;
  const byte = (): number => {
    if (at === block.length) {
      const input = new Uint8Array(40);
      input.set(key);
      new DataView(input.buffer).setBigUint64(32, BigInt(counter++));
      block = sha256(input) as Uint8Array<ArrayBuffer>;
      at = 0;
    }
    return block[at++] as number;
  };
  return {
    bytes: (length) => Uint8Array.from({ length }, byte),
    below(limit) {
      let value = 0;
      for (let i = 0; i < 6; i++) value = value * 256 + byte();
      return Math.floor((value / 2 ** 48) * limit);
    },
  };
}

/** A number in `[0, 1)`. */
export function fraction(random: Random): number {
  return random.below(2 ** 32) / 2 ** 32;
}
