import { expect, it } from 'vitest';
import { readPasted } from '../../../../src/flows/read/read-pasted.ts';
import { blobIdToInteger, parseBlobId } from '../../../../src/protocol/blob-id.ts';
import { isHauloutError } from '../../../../src/protocol/errors.ts';

const blobId = 'vldooumlbSRuiUvv54k0MowsF5afG7SVC0b9oXufbzQ';
const objectId = `0x${'0a1b'.repeat(16)}`;

it.each([
  blobId,
  ` ${blobId}\n`,
  `https://haulout.example/b/${blobId}?t=90`,
  `https://haulout.example/sub/#/b/${blobId}`,
  `https://aggregator.example/v1/blobs/${blobId}`,
  `walrus://${blobId}`,
  `walrus:${blobId}`,
  String(blobIdToInteger(parseBlobId(blobId))),
  `${blobId}.`,
  `%${blobId.charCodeAt(0).toString(16)}${blobId.slice(1)}%0A`,
  `https://mail.example/?to=${encodeURIComponent(`https://haulout.example/b/${blobId}`)}`,
])('finds the blob in %j', (text) => {
  expect(readPasted(text)).toEqual({ kind: 'blob', blobId });
});

it.each([
  objectId,
  objectId.toUpperCase().replace('0X', '0x'),
  objectId.slice(2),
  `https://haulout.example/o/${objectId}`,
  `https://aggregator.example/v1/blobs/by-object-id/${objectId}`,
  `https://explorer.example/testnet/object/${objectId}?tab=fields`,
])('finds the object in %j', (text) => {
  expect(readPasted(text)).toEqual({ kind: 'object', objectId });
});

it('takes a short object ID only where it stands alone', () => {
  expect(readPasted('0x2')).toEqual({ kind: 'object', objectId: `0x${'2'.padStart(64, '0')}` });
  expect(readPasted('https://explorer.example/object/0x2').kind).toBe('malformed');
});

it('hands a receipt on as it is, whatever IDs are in it', () => {
  const text = JSON.stringify({ format: 'haulout-receipt-1', blobId });
  expect(readPasted(`\n${text} `)).toEqual({ kind: 'receipt', text });
});

it('says of anything else why it is no ID, and nothing of nothing', () => {
  expect(readPasted(' ')).toEqual({ kind: 'none' });
  for (const text of [
    'abc',
    `${blobId.slice(0, 42)}B`,
    '9'.repeat(78),
    `0x${'g'.repeat(64)}`,
    '%',
  ]) {
    const read = readPasted(text);
    expect(read.kind === 'malformed' && isHauloutError(read.error, 'blob-id-malformed')).toBe(true);
  }
});
