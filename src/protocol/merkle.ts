import { blake2b } from '@noble/hashes/blake2.js';
import { ByteWriter } from './byte-writer.ts';
import { type BlobMetadata, HASH_BYTES, RS2_ENCODING } from './metadata.ts';

/** Siblings from the leaf level up, 32 bytes each; null is the Empty node of an odd level. */
export type MerkleProof = readonly (Uint8Array | null)[];

/** BLAKE2b with a digest of 32 bytes and no key. */
export function blake2b256(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, { dkLen: HASH_BYTES });
}

/** Hash of a leaf's bytes; the prefix keeps leaves and inner nodes apart. */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return blake2b256(new ByteWriter(1 + leaf.length).u8(0).raw(leaf).bytes);
}

/** Hash of an inner node over two nodes of 32 bytes. */
export function innerHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return blake2b256(new ByteWriter(1 + 2 * HASH_BYTES).u8(1).raw(left).raw(right).bytes);
}

/** Levels above the leaves: the length of every proof. */
export function proofLength(leafCount: number): number {
  let levels = 0;
  for (let width = leafCount; width > 1; width = Math.ceil(width / 2)) levels++;
  return levels;
}

/**
 * Root of a tree.
 *
 * @param leafHashes 32 bytes per leaf, one after another
 * @returns 32 bytes; zeros if there is no leaf
 */
export function merkleRoot(leafHashes: Uint8Array): Uint8Array {
  if (leafHashes.length === 0) return new Uint8Array(HASH_BYTES);
  let level = leafHashes;
  while (level.length > HASH_BYTES) level = levelAbove(level);
  return level.slice(0, HASH_BYTES);
}

/**
 * Proof that leaf `index` is in the tree.
 *
 * @param leafHashes 32 bytes per leaf
 * @param index below the number of leaves
 */
export function merkleProof(leafHashes: Uint8Array, index: number): MerkleProof {
  const path: (Uint8Array | null)[] = [];
  let at = index;
  for (let level = leafHashes; level.length > HASH_BYTES; level = levelAbove(level)) {
    const sibling = (at ^ 1) * HASH_BYTES;
    path.push(sibling < level.length ? level.slice(sibling, sibling + HASH_BYTES) : null);
    at >>>= 1;
  }
  return path;
}

/**
 * The root that a proof leads to from a leaf hash.
 *
 * @returns undefined if a proof of this length cannot speak about leaf `index`
 */
export function foldProof(
  proof: MerkleProof,
  leaf: Uint8Array,
  index: number,
): Uint8Array | undefined {
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** proof.length) return undefined;
  let current = leaf;
  let at = index;
  for (const node of proof) {
    const sibling = node ?? EMPTY_NODE;
    current = at % 2 === 0 ? innerHash(current, sibling) : innerHash(sibling, current);
    at = Math.floor(at / 2);
  }
  return current;
}

/** Root hash and blob ID, 32 bytes each, that commit to the metadata. */
export function blobIdFor(metadata: BlobMetadata): { rootHash: Uint8Array; blobId: Uint8Array } {
  const { shardCount, pairHashes, unencodedBytes } = metadata;
  const leaves = new Uint8Array(shardCount * HASH_BYTES);
  for (let pair = 0; pair < shardCount; pair++) {
    const both = pairHashes.subarray(pair * 2 * HASH_BYTES, (pair + 1) * 2 * HASH_BYTES);
    leaves.set(leafHash(both), pair * HASH_BYTES);
  }
  const rootHash = merkleRoot(leaves);
  return { rootHash, blobId: blobIdOf(rootHash, unencodedBytes) };
}

/** The blob ID, 32 bytes, over a root of 32 bytes and a length. */
export function blobIdOf(rootHash: Uint8Array, unencodedBytes: number): Uint8Array {
  const committed = new ByteWriter(1 + 8 + HASH_BYTES).u8(RS2_ENCODING).u64(unencodedBytes);
  return blake2b256(committed.raw(rootHash).bytes);
}

const EMPTY_NODE = new Uint8Array(HASH_BYTES);

/** The parents of a level of two or more nodes; an odd level ends with an Empty node. */
function levelAbove(level: Uint8Array): Uint8Array {
  const width = level.length / HASH_BYTES;
  const above = new Uint8Array(Math.ceil(width / 2) * HASH_BYTES);
  for (let i = 0; i < width; i += 2) {
    const left = level.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
    const right = level.subarray((i + 1) * HASH_BYTES, (i + 2) * HASH_BYTES);
    above.set(innerHash(left, right.length > 0 ? right : EMPTY_NODE), (i / 2) * HASH_BYTES);
  }
  return above;
}
