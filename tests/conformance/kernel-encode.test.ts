import { describe, expect, it } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import { differences } from '../support/blob-case.ts';
import { kernelEncode } from '../support/kernel-blob.ts';
import { sha256Of } from '../support/node-hash.ts';
import { generateInput, loadFixture } from '../support/vectors.ts';

const { cases } = await loadFixture('blobs');
// Above 129 shards it is left to the library's test, which runs every case on both engines.
const shardCounts = [...new Set(cases.map(({ nShards }) => nShards))].filter((n) => n <= 129);

describe.each(['simd', 'scalar'] as const)('%s engine', async (engine) => {
  const module = await loadKernel({ engine });
  it.each(shardCounts)(
    'encodes the cases of blobs.json at %i shards',
    (shardCount) => {
      const kernel = new Kernel(module);
      expect(kernel.engine).toBe(engine);
      const mine = cases.filter(({ nShards }) => nShards === shardCount);
      for (const c of mine) {
        const encoded = kernelEncode(kernel, shardCount, generateInput(c.input));
        expect(differences(c, encoded, sha256Of), c.id).toEqual([]);
      }
    },
    240_000,
  );
});
