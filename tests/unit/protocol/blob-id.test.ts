import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blobIdFromInteger,
  blobIdToInteger,
  findBlobId,
  formatBlobId,
  parseBlobId,
} from '../../../src/protocol/blob-id.ts';
import { expectError } from '../../support/expect-error.ts';

const blobIds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const ID = 'CmzciFdWJP1IIM-rD3cqXlVBXYM0fpAfHahZBvkaZUI';

describe('text form', () => {
  it('goes there and back', () => {
    fc.assert(
      fc.property(blobIds, (bytes) => {
        expect(formatBlobId(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(parseBlobId(formatBlobId(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    [`${ID}=`, 'length'],
    [ID.slice(1), 'length'],
    [` ${ID.slice(1)}`, 'alphabet'],
    [ID.replace('-', '+'), 'alphabet'],
    [`\u{10000}${ID.slice(2)}`, 'alphabet'],
    [`é${ID.slice(1)}`, 'alphabet'],
    [`${ID.slice(0, 42)}J`, 'trailing-bits'],
  ] as const)('refuses %s: %s', (text, reason) => {
    expectError(() => parseBlobId(text), 'blob-id-malformed', { reason });
  });

  it('refuses what is not text', () => {
    expectError(() => parseBlobId(undefined as unknown as string), 'blob-id-malformed');
    expectError(() => parseBlobId([...ID] as unknown as string), 'blob-id-malformed');
  });

  it('is not made of any other length', () => {
    expectError(() => formatBlobId(new Uint8Array(31)), 'argument-invalid', { name: 'blobId' });
    expectError(() => blobIdToInteger(new Uint8Array(33)), 'argument-invalid');
  });
});

describe('integer form', () => {
  it('goes there and back', () => {
    fc.assert(
      fc.property(blobIds, (bytes) => {
        expect(blobIdFromInteger(blobIdToInteger(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([-1n, 1n << 256n])('refuses %s', (integer) => {
    expectError(() => blobIdFromInteger(integer), 'argument-invalid', { name: 'integer' });
  });
});

describe('findBlobId', () => {
  it.each([
    ID,
    `  ${ID}\n`,
    `https://aggregator.example.org/v1/blobs/${ID}`,
    `https://example.org/#/blob/${ID}?network=testnet`,
    `"blobId": "${ID}",`,
    `0x${'ab'.repeat(32)} ${ID}`,
    `${ID}=`,
  ])('finds the ID in %s', (text) => {
    expect(findBlobId(text)).toBe(ID);
  });

  it.each(['', 'hello', ID.slice(1), `${ID}BAQADAA`, `${ID.slice(0, 42)}J`, ID.replace('-', '+')])(
    'finds none in %s',
    (text) => {
      expect(findBlobId(text)).toBeUndefined();
    },
  );

  it('only ever gives what parses', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), blobIds.map(formatBlobId))), (parts) => {
        const found = findBlobId(parts.join(' '));
        if (found !== undefined) expect(parseBlobId(found)).toHaveLength(32);
      }),
    );
  });
});
