import { bytesToHex } from '@noble/hashes/utils.js';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import { decodeMetadata } from '../../src/protocol/metadata.ts';
import type { BlobCase } from './vectors.ts';

/** SHA-256 over parts one after another, in hex. */
export type Sha256 = (...parts: readonly Uint8Array[]) => string;

/** Names what differs between an encoded blob and its case in blobs.json; empty if nothing does. */
export function differences(c: BlobCase, encoded: EncodedBlob, sha256: Sha256): string[] {
  const { metadata, primarySlivers, secondarySlivers } = encoded;
  const id = Uint8Array.from(c.blobIdHex.match(/../g) ?? [], (digits) =>
    Number.parseInt(digits, 16),
  );
  const checks: [name: string, ours: unknown, theirs: unknown][] = [
    ['blobId', encoded.blobId, c.blobId],
    ['rootHash', bytesToHex(encoded.rootHash), c.rootHash],
    ['shardCount', encoded.shardCount, c.nShards],
    ['symbolBytes', encoded.symbolBytes, c.symbolSize],
    ['unencodedBytes', encoded.unencodedBytes, c.blobSize],
    ['encodedBytes', encoded.encodedBytes, c.encodedLength],
    ['metadata length', metadata.length, c.metadataBcsLength],
    ['metadata', sha256(metadata), c.metadataBcsSha256],
    ['metadata with ID', sha256(id, metadata), c.metadataWithIdBcsSha256],
    ['pair hashes', sha256(decodeMetadata(metadata).pairHashes), c.pairHashesSha256],
    ['primary slivers', sha256(...primarySlivers), c.primarySliversBcsSha256],
    ['secondary slivers', sha256(...secondarySlivers), c.secondarySliversBcsSha256],
  ];
  if (c.metadataBcsHex) checks.push(['metadata hex', bytesToHex(metadata), c.metadataBcsHex]);
  const lists = [
    ['primary', primarySlivers, c.primarySliverSha256, c.primarySliverSha256Prefix8],
    ['secondary', secondarySlivers, c.secondarySliverSha256, c.secondarySliverSha256Prefix8],
  ] as const;
  for (const [axis, slivers, digests, prefixes] of lists) {
    if (slivers.length !== c.nShards) checks.push([`${axis} count`, slivers.length, c.nShards]);
    slivers.forEach((sliver, pair) => {
      if (digests) checks.push([`${axis} ${pair}`, sha256(sliver), digests[pair]]);
      if (prefixes) checks.push([`${axis} ${pair}`, sha256(sliver).slice(0, 16), prefixes[pair]]);
    });
  }
  return checks.filter(([, ours, theirs]) => ours !== theirs).map(([name]) => name);
}
