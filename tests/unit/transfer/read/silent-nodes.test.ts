import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabBlob, ReadLab } from '../../../support/read-lab.ts';

const nodes = (count: number, shards: number) => Array.from({ length: count }, () => shards);
const every = (step: number, count: number) => Array.from({ length: count }, (_, i) => step * i);

describe.each([
  {
    what: 'as many nodes as shards',
    weights: nodes(13, 1),
    bytes: 200_000,
    silent: [2, 5, 8, 11],
    mostMs: 2_000,
    tooMany: { silent: every(1, 9), detail: { have: 4, need: 5 } },
  },
  {
    what: 'ten nodes of 20 shards each', // far more slivers of one node are wanted than go to it at a time
    weights: nodes(10, 20),
    bytes: 72_500, // no row of it is behind its end
    silent: every(3, 3),
    mostMs: 2_000,
    tooMany: { silent: every(1, 7), detail: { have: 60, need: 68 } },
  },
  {
    what: 'many nodes of a thousand shards',
    weights: nodes(25, 40),
    bytes: 60_000,
    silent: every(3, 8),
    mostMs: 2_000,
    tooMany: { silent: every(1, 24), detail: { need: 334 } },
  },
])('a blob whose slivers lie on $what', ({ weights, bytes, silent, mostMs, tooMany }) => {
  let lab: ReadLab;
  let blob: LabBlob;
  beforeAll(async () => {
    lab = await ReadLab.open(weights);
    blob = await lab.store(bytes);
  }, 120_000);
  afterAll(() => lab.close());

  function read(silentNodes: readonly number[]) {
    const reads = lab.reads(lab.silent(silentNodes));
    const work = async () => (await reads.readBlob(blob.blobId)).bytes();
    return lab.timed(work().catch((error: unknown) => error));
  }

  it('is read within seconds where a third of them is silent, and else at once', async () => {
    for (const [nobody, limitMs] of [
      [silent, mostMs],
      [[], 0],
    ] as const) {
      const { value, ms } = await read(nobody);
      expect(Buffer.compare(value as Uint8Array, blob.bytes)).toBe(0);
      expect(ms).toBeLessThanOrEqual(limitMs);
    }
  });

  it('is not waited for longer than two minutes where too many are', async () => {
    const { value, ms } = await read(tooMany.silent);
    expect(value).toMatchObject({ code: 'not-enough-slivers', detail: tooMany.detail });
    expect(ms).toBeLessThan(100_000);
  });
});
