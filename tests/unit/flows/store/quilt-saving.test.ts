import { expect, it } from 'vitest';
import { quiltSaving } from '../../../../src/flows/store/quilt-saving.ts';

const MAINNET = { storagePriceFrost: 100_000n, writePriceFrost: 20_000n };
const saving = (sizes: readonly number[], shards = 1_000) =>
  quiltSaving(sizes, MAINNET, 27, shards);

it('of three thousand pictures is most of the price', () => {
  const found = saving(Array(3_000).fill(400_000));
  expect(found).toMatchObject({ files: 3_000, quilts: 5 });
  const [single, packed] = [Number(found?.singleFrost) / 1e9, Number(found?.packedFrost) / 1e9];
  expect(single).toBeGreaterThan(500);
  expect(single).toBeLessThan(530);
  expect(packed).toBeGreaterThan(14);
  expect(packed).toBeLessThan(18);
});

it('is of two small files, and of none that is alone or large', () => {
  expect(saving([1_000, 1_000])).toMatchObject({ files: 2, quilts: 1 });
  expect(saving([1_000])).toBeUndefined();
  expect(saving([])).toBeUndefined();
  expect(saving([3e9, 2e9])).toBeUndefined();
  expect(saving([3e9, 2e9, 5, 0])).toMatchObject({ files: 2 });
});

it('is none where the metadata is small beside the files', () => {
  expect(saving(Array(6).fill(250_000), 10)).toBeUndefined();
});
