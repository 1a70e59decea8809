import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import { MemoryStore } from '../../../../src/store/memory-store.ts';
import { type ReadEntry, type ReadStores, RowCache } from '../../../../src/store/row-cache.ts';
import { type LabBlob, ReadLab } from '../../../support/read-lab.ts';

const ROWS = 5;

let lab: ReadLab;
let blob: LabBlob;

beforeAll(async () => {
  lab = await ReadLab.open(PROFILES.tiny);
  blob = await lab.store(20_001);
}, 60_000);
afterAll(() => lab.close());

/** A device, and reads that keep rows on it. */
function device() {
  const store = new MemoryStore<ReadStores>();
  const cache = new RowCache({ store, budgetBytes: async () => 1 << 30 });
  const read = async () => {
    const work = async () => {
      const opened = await lab.reads(undefined, { cache }).readBlob(blob.blobId);
      expect(Buffer.compare(await opened.bytes(), blob.bytes)).toBe(0);
      await cache.settled();
      return opened.report.rows;
    };
    return (await lab.timed(work())).value;
  };
  return { store, read };
}

describe('what is damaged on the device', () => {
  it('is a row: it is fetched once, and good from then on', async () => {
    const { store, read } = device();
    await read();
    const key = `${blob.blobId}/2`;
    const row = await store.get('rows', key);
    const bytes = new Uint8Array(row?.value ?? new ArrayBuffer(0)).slice();
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await store.commit([{ store: 'rows', key, value: bytes.buffer }]);
    expect(await read()).toMatchObject({ cache: ROWS - 1, node: 1 });
    expect(await read()).toMatchObject({ cache: ROWS, node: 0 });
  });

  it.each<[string, (entry: ReadEntry) => object]>([
    ['bytes of metadata', ({ metadata }) => ({ metadata: metadata.map((byte) => byte ^ 1) })],
    ['cut metadata', ({ metadata }) => ({ metadata: metadata.subarray(9) })],
    ['another number of shards', () => ({ shardCount: 4 })],
    ['a number of shards that cannot be', () => ({ shardCount: -1 })],
    ['a record of another shape', () => ({ metadata: 'x', shardCount: undefined })],
  ])('is %s: it is fetched once, and good from then on', async (_, damage) => {
    const { store, read } = device();
    await read();
    const entry = await store.get('reads', blob.blobId);
    if (entry === undefined) throw new Error('nothing was kept');
    const value = { ...entry.value, ...damage(entry.value) } as ReadEntry;
    await store.commit([{ store: 'reads', key: blob.blobId, value }]);
    expect(await read()).toMatchObject({ node: ROWS });
    expect(await read()).toMatchObject({ cache: ROWS });
  });
});
