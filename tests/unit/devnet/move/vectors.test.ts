import { expect, test } from 'vitest';
import { deriveBlobId } from '../../../../src/devnet/sui/move/blob.ts';
import { redstuffLength } from '../../../../src/devnet/sui/move/encoding.ts';
import { encodedLength } from '../../../../src/protocol/geometry.ts';
import { loadFixture } from '../../../support/vectors.ts';

test('encoded lengths are those of the contract', async () => {
  const { encoded } = await loadFixture('move-chain');
  for (const [size, shards, length] of encoded) {
    expect(redstuffLength(BigInt(size), shards), `${size} bytes, ${shards} shards`).toBe(
      BigInt(length),
    );
    if (shards >= 4) expect(encodedLength(size, shards)).toBe(Number(length));
  }
});

test('blob IDs are those of the contract', async () => {
  const { blob_id } = await loadFixture('move-chain');
  expect(blob_id.length).toBeGreaterThan(10);
  for (const { root_hash_u256, size, blob_id_u256 } of blob_id) {
    expect(deriveBlobId(BigInt(root_hash_u256), 1, BigInt(size))).toBe(BigInt(blob_id_u256));
  }
});

test('symbols over u16 are an arithmetic error', () => {
  const most = 65_534n * 5n * 9n; // 13 shards
  expect(redstuffLength(most, 13)).toBe(13n * (14n * 65_534n + 13n * 64n + 32n));
  expect(() => redstuffLength(most + 1n, 13)).toThrow('MovePrimitiveRuntimeError');
  expect(() => redstuffLength(2n ** 64n - 1n, 13)).toThrow('MovePrimitiveRuntimeError');
});
