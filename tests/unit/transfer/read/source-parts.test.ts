import { afterAll, beforeAll, expect, it } from 'vitest';
import { geometryFor } from '../../../../src/protocol/geometry.ts';
import { type Interceptor, type LabBlob, ReadLab } from '../../../support/read-lab.ts';

const LENGTH = 12_000_001;
const { rowBytes } = geometryFor(40, LENGTH);
/** rows that a source is asked for in one go */
const PART_ROWS = Math.ceil((4 << 20) / rowBytes);
const PART_BYTES = PART_ROWS * rowBytes;

let lab: ReadLab;
let blob: LabBlob;

beforeAll(async () => {
  lab = await ReadLab.open([10, 10, 10, 10]);
  blob = await lab.store(LENGTH);
}, 60_000);
afterAll(() => lab.close());

/** A source, and what was asked of it. */
function source(answersWhole: boolean) {
  const asked: string[] = [];
  const intercept: Interceptor = ({ url, headers }) => {
    if (!url.startsWith('http://a/')) return undefined;
    const range = new Headers(headers).get('range') ?? '';
    asked.push(range);
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(range) ?? [];
    const part = blob.bytes.subarray(Number(from ?? 0), Number(to ?? LENGTH - 1) + 1);
    return Promise.resolve(
      answersWhole ? new Response(blob.bytes) : new Response(part, { status: 206 }),
    );
  };
  return { asked, intercept };
}

/** Reads from byte `begin` on, and tells how often the source was asked by the time that each piece was given. */
async function read({ intercept, asked }: ReturnType<typeof source>, begin: number) {
  const sources = [{ url: 'http://a/x' }];
  const opened = await lab.reads(intercept).open(blob.blobId, { sources, readAhead: 0 });
  const pieces = opened.part(begin, LENGTH).getReader();
  const parts: Uint8Array[] = [];
  const counts: number[] = [];
  for (let next = await pieces.read(); !next.done; next = await pieces.read()) {
    parts.push(next.value);
    counts.push(asked.length);
  }
  expect(Buffer.compare(Buffer.concat(parts), blob.bytes.subarray(begin))).toBe(0);
  return counts;
}

it('a source is asked for the next part while one is read, and no sooner', async () => {
  const { asked, intercept } = source(false);
  const counts = await lab.clock.drive(read({ asked, intercept }, 0));
  expect([counts[0], counts[PART_ROWS - 1], counts[PART_ROWS]]).toEqual([2, 2, 3]);
  const edges = [0, PART_BYTES, 2 * PART_BYTES, LENGTH];
  const ranges = edges.slice(1).map((end, at) => `bytes=${edges[at]}-${end - 1}`);
  expect(asked).toEqual(ranges);
});

it.each([0, PART_BYTES - 1])(
  'a source that gives all of it to who asks for a part, from byte %d on, is asked once',
  async (begin) => {
    const { asked, intercept } = source(true);
    await lab.clock.drive(read({ asked, intercept }, begin));
    expect(asked).toHaveLength(1);
  },
);
