import { expect, it } from 'vitest';
import { inThreadCodec } from '../../../src/devnet/codec.ts';
import { loadKernel } from '../../../src/kernel/load.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { heldBytes } from '../../support/heap.ts';

const BLOB_BYTES = 200_000;
const BLOBS = 4;

it('a pool holds nothing of the jobs that it has done', async () => {
  const codec = inThreadCodec(await loadKernel(), systemClock);
  const encode = async (first: number) => {
    const blob = Uint8Array.from({ length: BLOB_BYTES }, (_, i) => (first + i * 7) & 255);
    await codec.encode(blob, 13);
  };
  const buffers = async () => {
    await heldBytes();
    return process.memoryUsage().arrayBuffers;
  };
  await encode(0);
  const before = await buffers();
  for (let i = 1; i <= BLOBS; i++) await encode(i);
  expect((await buffers()) - before).toBeLessThan(BLOB_BYTES);
  codec.close();
});
