import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { publicKeyOf } from '../protocol/certificate.ts';
import { Memory } from '../protocol/memory.ts';
import type { Random } from '../protocol/ports.ts';
import { seededRandom } from './seeded-random.ts';

/** Shards of each node, in node order. All give `n = 3f + 1`, so that all definitions of a quorum agree. */
export const PROFILES = {
  tiny: [3, 3, 3, 2, 2],
  wide: Array.from({ length: 13 }, () => 1),
  skewed: [9, 1, 1, 1, 1],
  real: Array.from({ length: 100 }, () => 10),
  'handful-real': Array.from({ length: 10 }, () => 100),
} as const satisfies Record<string, readonly number[]>;

export type ProfileName = keyof typeof PROFILES;

/** What one storage node is and keeps for itself. */
export interface NodeIdentity {
  /** position among the members, which are sorted by node ID */
  readonly index: number;
  /** `0x` and 64 lower-case hex digits */
  readonly nodeId: string;
  readonly name: string;
  /** 32 bytes */
  readonly secretKey: Uint8Array;
  /** 48 bytes, compressed */
  readonly publicKey: Uint8Array;
  /** 96 bytes, as the chain holds it */
  readonly publicKey96: Uint8Array;
}

const keys = new Memory<Omit<NodeIdentity, 'index' | 'name'>>(1024);

function keysOf(seed: string, i: number) {
  return keys.get(`${i} ${seed}`, () => {
    const random = seededRandom(seed, `node ${i}`);
    const nodeId = `0x${bytesToHex(random.bytes(32))}`;
    const secretKey = bls12_381.utils.randomSecretKey(random.bytes(48));
    const { compressed, uncompressed } = publicKeyOf(secretKey);
    return { nodeId, secretKey, publicKey: compressed, publicKey96: uncompressed };
  });
}

/** The nodes that belong to a seed: more of them leave the IDs and keys of the first ones as they are. */
export function makeIdentities(seed: string, count: number): readonly NodeIdentity[] {
  const made = Array.from({ length: count }, (_, i) => keysOf(seed, i));
  made.sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  return made.map((identity, index) => ({ index, name: `node-${index}`, ...identity }));
}

/**
 * Deals shards `0..n` to nodes: in order, or if `shuffle` is given as it falls, as on the public networks.
 *
 * @returns ascending shard indices per node
 */
export function assignShards(weights: readonly number[], shuffle?: Random): readonly number[][] {
  const shardCount = weights.reduce((sum, weight) => sum + weight, 0);
  const shards = Array.from({ length: shardCount }, (_, shard) => shard);
  if (shuffle !== undefined) {
    for (let i = shardCount - 1; i > 0; i--) {
      const j = shuffle.below(i + 1);
      [shards[i], shards[j]] = [shards[j] as number, shards[i] as number];
    }
  }
  let begin = 0;
  return weights.map((weight) => {
    begin += weight;
    return shards.slice(begin - weight, begin).sort((a, b) => a - b);
  });
}
