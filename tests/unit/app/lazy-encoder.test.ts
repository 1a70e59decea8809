import { expect, it } from 'vitest';
import { lazyEncoder } from '../../../src/app/lazy-encoder.ts';
import { EncoderDouble, fileOf, settle } from '../../support/encoder-double.ts';

it('loads once, at the first file, and again after a load that did not work', async () => {
  const encoder = new EncoderDouble();
  let loads = 0;
  const lazy = lazyEncoder(async () => {
    loads++;
    if (loads === 1) throw new Error('no connection');
    return encoder;
  });
  expect(loads).toBe(0);
  await expect(lazy.computeBlobId(fileOf('a'), { shardCount: 1000 })).rejects.toThrow('connection');
  void lazy.computeBlobId(fileOf('a'), { shardCount: 1000 });
  void lazy.computeBlobId(fileOf('b'), { shardCount: 1000 });
  await settle();
  expect(loads).toBe(2);
  expect(encoder.calls).toHaveLength(2);
});
