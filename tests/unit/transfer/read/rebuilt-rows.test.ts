import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import {
  type OpenBlob,
  type ReadDoors,
  ReadTally,
} from '../../../../src/transfer/read/read-types.ts';
import {
  type Row,
  RowReader,
  type RowReaderOptions,
} from '../../../../src/transfer/read/row-reader.ts';
import { type Interceptor, type LabBlob, NEVER, ReadLab } from '../../../support/read-lab.ts';

const LENGTH = 20_001;

let lab: ReadLab;
let blob: LabBlob;

beforeAll(async () => {
  lab = await ReadLab.open(PROFILES.tiny);
  blob = await lab.store(LENGTH);
}, 60_000);
afterAll(() => lab.close());

/** A reader of row 0 alone: to decode the blob costs more than to recover the row. */
function firstRow(doors: ReadDoors, opened: OpenBlob, options: Partial<RowReaderOptions> = {}) {
  const tally = new ReadTally();
  const { signal } = new AbortController();
  const reader = new RowReader(doors, opened, { begin: 0, end: 1 }, { tally, signal, ...options });
  return lab.clock.drive(
    reader
      .read()
      .next()
      .then(({ value }) => value as Row),
  );
}

const isSliver = (url: string) => /slivers\/\d+\/primary$/.test(url);
const isSymbols = (url: string) => url.includes('recoverySymbols');
const status = (code: number) => Promise.resolve(new Response(null, { status: code }));

describe('a row that is late', () => {
  it('is not rebuilt any longer once it has come after all', async () => {
    const ended: AbortSignal[] = [];
    const intercept: Interceptor = ({ url }, signal) => {
      if (isSymbols(url)) {
        ended.push(signal);
        return NEVER();
      }
      if (!isSliver(url)) return undefined;
      return lab.clock.sleep(2_000).then(() => lab.world.network.toNode(new Request(url)));
    };
    const doors = lab.doors(intercept);
    const row = await firstRow(doors, await lab.open(doors, blob.blobId));
    expect(row.origin).toBe('node');
    expect(ended.length).toBeGreaterThan(0);
    expect(ended.every(({ aborted }) => aborted)).toBe(true);
  });
});

describe('a row of a blob that is too large to decode', () => {
  it('is asked for again of a node that failed before, where nobody has symbols', async () => {
    let failures = 0;
    const intercept: Interceptor = ({ url }) => {
      if (isSymbols(url)) return status(503);
      if (isSliver(url) && failures++ < 2) return status(503);
      return undefined;
    };
    const doors = lab.doors(intercept);
    const decodeBlob = () => Promise.reject(new Error('the blob was taken into memory'));
    const verifier = { ...doors.verifier, decodeBlob };
    const opened = await lab.open(doors, blob.blobId);
    const row = await firstRow({ ...doors, verifier }, opened, { decodeBytes: LENGTH - 1 });
    expect(row.origin).toBe('node');
  });

  it('is decoded where nothing else is left', async () => {
    const intercept: Interceptor = ({ url }) =>
      isSymbols(url) || url.endsWith('slivers/0/primary') ? status(503) : undefined;
    const doors = lab.doors(intercept);
    const opened = await lab.open(doors, blob.blobId);
    const row = await firstRow(doors, opened, { decodeBytes: LENGTH - 1 });
    expect(row.origin).toBe('decoded');
    expect(Buffer.compare(row.data, blob.bytes.subarray(0, row.data.length))).toBe(0);
  });
});

it('a row is rebuilt from rows that were given away, whatever became of them', async () => {
  const last = 'slivers/4/primary';
  const intercept: Interceptor = ({ url }) =>
    isSymbols(url) || url.endsWith(last) ? status(404) : undefined;
  const work = async () => {
    const read = await lab.reads(intercept).readBlob(blob.blobId, { readAhead: 0 });
    const parts: Uint8Array[] = [];
    for await (const piece of read.stream) {
      parts.push(piece.slice());
      piece.fill(0xff);
      structuredClone(piece, { transfer: [piece.buffer] });
    }
    expect(read.report.rows).toMatchObject({ node: 4, decoded: 1 });
    return Buffer.concat(parts);
  };
  expect(Buffer.compare(await lab.clock.drive(work()), blob.bytes)).toBe(0);
});
