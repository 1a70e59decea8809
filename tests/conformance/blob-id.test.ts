import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import {
  blobIdFromInteger,
  blobIdToInteger,
  findBlobId,
  formatBlobId,
  parseBlobId,
} from '../../src/protocol/blob-id.ts';
import { blake2b256 } from '../../src/protocol/merkle.ts';
import { expectError } from '../support/expect-error.ts';
import { loadFixture } from '../support/vectors.ts';

const { cases, invalidStrings } = await loadFixture('blobid');
const blobs = await loadFixture('blobs');
const chain = await loadFixture('move-chain');

describe.each(cases)('blobid.json: $string', ({ hex, string, u256Decimal }) => {
  it('is one ID in three forms', () => {
    const bytes = hexToBytes(hex);
    expect(formatBlobId(bytes)).toBe(string);
    expect(parseBlobId(string)).toEqual(bytes);
    expect(blobIdToInteger(bytes).toString()).toBe(u256Decimal);
    expect(blobIdFromInteger(BigInt(u256Decimal))).toEqual(bytes);
    expect(findBlobId(`https://example.org/v1/blobs/${string}?x=1`)).toBe(string);
  });
});

it.each(invalidStrings)('refuses "%s"', (text) => {
  expectError(() => parseBlobId(text), 'blob-id-malformed', { length: text.length });
});

it('has the three forms of every case of blobs.json', () => {
  const differ = blobs.cases.filter((c) => {
    const bytes = parseBlobId(c.blobId);
    const hex = Buffer.from(bytes).toString('hex');
    return hex !== c.blobIdHex || blobIdToInteger(bytes).toString() !== c.blobIdU256;
  });
  expect(differ.map(({ id }) => id)).toEqual([]);
});

it('derives IDs from root and length as the contracts do', () => {
  for (const { root_hash_u256, size, blob_id_u256 } of chain.blob_id) {
    const committed = new Uint8Array(41);
    committed[0] = 1;
    new DataView(committed.buffer).setBigUint64(1, BigInt(size), true);
    committed.set(blobIdFromInteger(BigInt(root_hash_u256)), 9);
    expect(blobIdToInteger(blake2b256(committed)).toString()).toBe(blob_id_u256);
  }
});
