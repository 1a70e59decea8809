import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import {
  confirmationMessage,
  HEADER_BYTES,
  invalidBlobMessage,
  readConfirmation,
  readHeader,
} from '../../../src/protocol/messages.ts';
import { expectError } from '../../support/expect-error.ts';

const blobId = new Uint8Array(32).fill(7);
const objectId = new Uint8Array(32).fill(0x2a);
const permanent = `01000315000000${'07'.repeat(32)}00`;
const deletable = `01000315000000${'07'.repeat(32)}01${'2a'.repeat(32)}`;

test('a confirmation has the bytes that nodes sign', () => {
  expect(bytesToHex(confirmationMessage({ epoch: 21, blobId }))).toBe(permanent);
  expect(bytesToHex(confirmationMessage({ epoch: 21, blobId, objectId }))).toBe(deletable);
});

test('an invalid-blob message is the header and the ID', () => {
  expect(bytesToHex(invalidBlobMessage(0xfffefdfc, blobId))).toBe(
    `020003fcfdfeff${'07'.repeat(32)}`,
  );
});

test('reading gives back what was written', () => {
  expect(readConfirmation(hexToBytes(permanent))).toEqual({ epoch: 21, blobId });
  expect(readConfirmation(hexToBytes(deletable))).toEqual({ epoch: 21, blobId, objectId });
  const header = readHeader(hexToBytes(deletable));
  expect(header).toMatchObject({ intent: 1, version: 0, appId: 3, epoch: 21 });
  expect(header?.body).toHaveLength(65);
  expect(readHeader(new Uint8Array(HEADER_BYTES - 1))).toBeUndefined();
});

test('other kinds, other shapes and trailing bytes are no confirmation', () => {
  const wrong = [
    `02${permanent.slice(2)}`,
    `0101${permanent.slice(4)}`,
    `010004${permanent.slice(6)}`,
    permanent.slice(0, -2),
    `${permanent}00`,
    `${permanent.slice(0, -2)}02`,
    `${permanent.slice(0, -2)}01`,
    deletable.slice(0, -2),
    `${deletable}00`,
    '',
  ];
  for (const hex of wrong) expect(readConfirmation(hexToBytes(hex)), hex).toBeUndefined();
});

test('arguments of the wrong size are refused', () => {
  const short = new Uint8Array(31);
  expectError(() => confirmationMessage({ epoch: 1, blobId: short }), 'argument-invalid', {
    name: 'blobId',
  });
  expectError(() => confirmationMessage({ epoch: 1, blobId, objectId: short }), 'argument-invalid');
  expectError(() => invalidBlobMessage(2 ** 32, blobId), 'argument-invalid', { name: 'epoch' });
  expectError(() => invalidBlobMessage(-1, blobId), 'argument-invalid');
  expectError(() => invalidBlobMessage(1.5, blobId), 'argument-invalid');
});
