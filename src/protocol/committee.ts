import { HauloutError } from './errors.ts';

export interface CommitteeMember {
  /** object ID of the node, `0x` and 64 hex digits */
  readonly nodeId: string;
  /** BLS key of this epoch: 48 bytes compressed or 96 uncompressed */
  readonly publicKey: Uint8Array;
  /** number of shards */
  readonly weight: number;
}

/** The storage nodes of one epoch. A member's index is its position, ascending by node ID. */
export interface Committee {
  readonly epoch: number;
  readonly shardCount: number;
  readonly members: readonly CommitteeMember[];
}

/** A member with all that an upload has to know of it. */
export interface StorageMember extends CommitteeMember {
  /** host:port */
  readonly networkAddress: string;
  /** shards that it owns in this epoch; as many as its weight */
  readonly shards: readonly number[];
}

/** A committee to which slivers can be sent. */
export interface StorageCommittee extends Committee {
  readonly members: readonly StorageMember[];
}

/** Shards that may fail or lie. */
export function faultyShards(shardCount: number): number {
  return Math.floor((shardCount - 1) / 3);
}

/** The least weight that the contract takes as a certificate: `3 * weight >= 2 * n + 1`. */
export function quorumWeight(shardCount: number): number {
  return Math.ceil((2 * shardCount + 1) / 3);
}

/** The least weight of which at least one shard is honest. */
export function validityWeight(shardCount: number): number {
  return faultyShards(shardCount) + 1;
}

/**
 * Adds up the shards of `signers`.
 *
 * @param signers distinct member indices
 * @throws HauloutError 'argument-invalid' if one is out of range or comes twice
 */
export function weightOf(committee: Committee, signers: Iterable<number>): number {
  const seen = new Set<number>();
  let weight = 0;
  for (const index of signers) {
    const member = committee.members[index];
    if (member === undefined || seen.has(index)) {
      throw new HauloutError('argument-invalid', {
        name: 'signers',
        reason: member === undefined ? 'not a member' : 'a member twice',
      });
    }
    seen.add(index);
    weight += member.weight;
  }
  return weight;
}

/**
 * Writes member indices as a bitmap: bit `i mod 8`, lowest first, of byte `i / 8`.
 *
 * @returns `ceil(memberCount / 8)` bytes
 * @throws HauloutError 'argument-invalid' for an index that is no member
 */
export function signersToBitmap(signers: Iterable<number>, memberCount: number): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(memberCount / 8));
  for (const index of signers) {
    if (!Number.isInteger(index) || index < 0 || index >= memberCount) {
      throw new HauloutError('argument-invalid', { name: 'signers', reason: 'not a member' });
    }
    bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return bitmap;
}

/**
 * Reads a bitmap as the contract does: it may be shorter than the committee needs, never longer,
 * and no bit after the last member may be set.
 *
 * @returns ascending member indices; undefined if the contract would refuse the bitmap
 */
export function bitmapToSigners(bitmap: Uint8Array, memberCount: number): number[] | undefined {
  if (bitmap.length > Math.ceil(memberCount / 8)) return undefined;
  const signers: number[] = [];
  for (const [at, byte] of bitmap.entries()) {
    for (let bit = 0; bit < 8; bit++) {
      if ((byte & (1 << bit)) !== 0) signers.push(at * 8 + bit);
    }
  }
  const last = signers.at(-1);
  return last === undefined || last < memberCount ? signers : undefined;
}
