import { expect, it } from 'vitest';
import { sha256Of } from '../support/node-hash.ts';
import { generateInput, loadFixture, sha256Hex } from '../support/vectors.ts';

const { xorshift32 } = await loadFixture('generator');
const { cases } = await loadFixture('blobs');

it.each(xorshift32)('generates the check values of seed $seed', ({ seed, ...expected }) => {
  const bytes = generateInput({ kind: 'xorshift32', seed, length: 1000 });
  expect(Buffer.from(bytes.subarray(0, 16)).toString('hex')).toBe(expected.first16Hex);
  expect(sha256Of(bytes)).toBe(expected.sha256_1000);
  expect(sha256Hex(bytes.subarray(0, 500), bytes.subarray(500))).toBe(expected.sha256_1000);
});

it('generates every input of blobs.json', () => {
  const differ = cases.filter(({ input, inputSha256, blobSize }) => {
    const bytes = generateInput(input);
    return bytes.length !== blobSize || sha256Of(bytes) !== inputSha256;
  });
  expect(cases).toHaveLength(448);
  expect(differ.map(({ id }) => id)).toEqual([]);
});
