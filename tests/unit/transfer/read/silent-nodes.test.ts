import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabBlob, ReadLab } from '../../../support/read-lab.ts';

/** Ten nodes of 20 shards each: far more slivers of one node are wanted than go to it at a time. */
const WEIGHTS = Array.from({ length: 10 }, () => 20);
const SILENT = [1, 4, 7];

let lab: ReadLab;
let blob: LabBlob; // no row of it is behind its end

beforeAll(async () => {
  lab = await ReadLab.open(WEIGHTS);
  blob = await lab.store(72_500);
}, 60_000);
afterAll(() => lab.close());

describe('a blob whose slivers lie on few nodes, of which some are silent', () => {
  it('is read within seconds', async () => {
    const reads = lab.reads(lab.silent(SILENT));
    const read = await lab.timed(reads.readBlob(blob.blobId));
    const { value, ms } = await lab.timed(read.value.bytes());
    expect(Buffer.compare(value, blob.bytes)).toBe(0);
    expect(read.ms + ms).toBeLessThan(4_000);
  });

  it('is not read where too many are, which is told within two minutes', async () => {
    const reads = lab.reads(lab.silent([1, 2, 3, 4, 5, 6, 7]));
    const read = async () => (await reads.readBlob(blob.blobId)).bytes();
    const { value, ms } = await lab.timed(read().catch((error: unknown) => error));
    expect(value).toMatchObject({ code: 'not-enough-slivers', detail: { have: 60, need: 68 } });
    expect(ms).toBeLessThan(100_000);
  });
});
