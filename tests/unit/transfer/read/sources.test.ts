import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import type { BlobSource } from '../../../../src/index.ts';
import { geometryFor } from '../../../../src/protocol/geometry.ts';
import { type Interceptor, type LabBlob, ReadLab } from '../../../support/read-lab.ts';

const LENGTH = 70_001;
const ROWS = 5;
const { rowBytes } = geometryFor(13, LENGTH);

let lab: ReadLab;
let blob: LabBlob;

beforeAll(async () => {
  lab = await ReadLab.open(PROFILES.tiny);
  blob = await lab.store(LENGTH);
}, 60_000);
afterAll(() => lab.close());

/** How a source answers. */
interface Manner {
  /** before the answer begins */
  readonly waitMs?: number;
  /** pieces, and the time before each */
  readonly pieceBytes?: number;
  readonly pieceMs?: number;
  /** the bytes of the blob behind which the connection breaks */
  readonly breaksAt?: number;
}

/** Sources by host name; each answers ranges. What was asked of them is counted. */
function sources(manners: Record<string, Manner>) {
  const asked: string[] = [];
  const intercept: Interceptor = ({ url, headers }) => {
    const { hostname } = new URL(url);
    const manner = manners[hostname];
    if (manner === undefined) return undefined;
    const { waitMs = 0, pieceBytes = rowBytes, pieceMs = 0, breaksAt = LENGTH } = manner;
    const [, from = '0', to = `${LENGTH - 1}`] =
      /bytes=(\d+)-(\d+)/.exec(new Headers(headers).get('range') ?? '') ?? [];
    asked.push(`${hostname} ${from}`);
    let at = Number(from);
    const end = Number(to) + 1;
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (pieceMs > 0) await lab.clock.sleep(pieceMs);
          if (at >= breaksAt) return controller.error(new TypeError('terminated'));
          const next = Math.min(at + pieceBytes, end, breaksAt);
          controller.enqueue(blob.bytes.subarray(at, next));
          at = next;
          if (at === end) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const answer = async () => {
      if (waitMs > 0) await lab.clock.sleep(waitMs);
      return new Response(body, { status: 206 });
    };
    return answer();
  };
  const list = Object.keys(manners).map((host): BlobSource => ({ url: `http://${host}/x` }));
  return { asked, intercept, sources: list };
}

async function read(manners: Record<string, Manner>, pauseMs = 0) {
  const { asked, intercept, sources: list } = sources(manners);
  const work = async () => {
    const options = { sources: list, readAhead: 0 };
    const opened = await lab.reads(intercept).readBlob(blob.blobId, options);
    const parts: Uint8Array[] = [];
    for await (const piece of opened.stream) {
      parts.push(piece);
      if (pauseMs > 0) await lab.clock.sleep(pauseMs);
    }
    expect(Buffer.compare(Buffer.concat(parts), blob.bytes)).toBe(0);
    return opened.report;
  };
  const { value: report, ms } = await lab.timed(work());
  return { asked, report, ms };
}

describe('a source', () => {
  it('is read on after its reader rested for a while', async () => {
    const { report, asked } = await read({ a: {} }, 60_000);
    expect(report).toMatchObject({ rows: { source: ROWS }, failed: [] });
    expect(asked).toEqual(['a 0']);
  });

  it('is asked once more where the connection ended while its reader rested', async () => {
    const { report, asked } = await read({ a: { breaksAt: 2 * rowBytes } }, 60_000);
    expect(asked.slice(0, 2)).toEqual(['a 0', `a ${2 * rowBytes}`]);
    expect(report.rows).toMatchObject({ source: 2, node: ROWS - 2 });
  });

  it('that drips does not keep the read from nodes, and is left', async () => {
    const { report, ms } = await read({ a: { pieceBytes: 500, pieceMs: 100 } });
    expect(report.rows.node).toBe(ROWS);
    expect(ms).toBeLessThan(3_000);
  });

  it('that says nothing does not keep the read from nodes', async () => {
    const { report, ms } = await read({ a: { waitMs: 1e9 } });
    expect(report.rows.node).toBe(ROWS);
    expect(ms).toBeLessThan(3_000);
  });

  it('that is slow is read where nodes have nothing', async () => {
    const { intercept, sources: list } = sources({ a: { pieceBytes: 2_000, pieceMs: 200 } });
    const nodesOf = lab.silent([0, 1, 2, 3, 4]);
    const onlyMetadata: Interceptor = (request, signal) =>
      intercept(request, signal) ??
      (request.url.endsWith('/metadata') ? undefined : nodesOf(request, signal));
    const work = async () => {
      const reads = lab.reads(onlyMetadata);
      return (await reads.readBlob(blob.blobId, { sources: list })).bytes();
    };
    const { value, ms } = await lab.timed(work());
    expect(Buffer.compare(value, blob.bytes)).toBe(0);
    expect(ms).toBeLessThan(12_000);
  });
});

it('of a source that is late nodes are asked for the row that is wanted, and not for all behind it', async () => {
  const { intercept, sources: list } = sources({ a: { waitMs: 1_200 } });
  const asked: string[] = [];
  const slowNodes: Interceptor = (request, signal) => {
    if (!request.url.includes('/slivers/')) return intercept(request, signal);
    asked.push(request.url);
    return lab.clock.sleep(9_000).then(() => new Response(null, { status: 503 }));
  };
  const work = async () => {
    const read = await lab.reads(slowNodes).readBlob(blob.blobId, { sources: list });
    expect(Buffer.compare(await read.bytes(), blob.bytes)).toBe(0);
    return read.report;
  };
  const { value: report, ms } = await lab.timed(work());
  expect({ rows: report.rows.source, ms }).toEqual({ rows: ROWS, ms: 1_200 });
  expect(asked).toHaveLength(1);
});

describe('of sources that race', () => {
  it('those that lose are not to blame, and go on where the winner fails', async () => {
    const { report, asked } = await read({ a: { breaksAt: 2 * rowBytes }, b: { waitMs: 50 } });
    expect(report.rows).toMatchObject({ source: ROWS, node: 0 });
    expect(report.failed.map(({ nodeId }) => nodeId)).toEqual(['a']);
    expect(asked.filter((each) => each.startsWith('b'))).toEqual(['b 0', `b ${2 * rowBytes}`]);
  });

  it('one that is still to answer for an earlier row is asked for the later one', async () => {
    const { report } = await read({ a: { breaksAt: rowBytes }, b: { waitMs: 200 } });
    expect(report.rows).toMatchObject({ source: ROWS, node: 0 });
    expect(report.failed.map(({ nodeId }) => nodeId)).toEqual(['a']);
  });

  it('one that never answers holds up nobody', async () => {
    const { report, ms } = await read({ a: {}, b: { waitMs: 1e9 } });
    expect(report).toMatchObject({ rows: { source: ROWS }, failed: [] });
    expect(ms).toBe(0);
  });
});
