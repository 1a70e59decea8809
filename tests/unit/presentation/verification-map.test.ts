import english from 'virtual:messages/en';
import { describe, expect, it } from 'vitest';
import { formatsFor } from '../../../src/presentation/format.ts';
import { createSay } from '../../../src/presentation/messages.ts';
import { readingReport } from '../../../src/presentation/reading-report.ts';
import {
  countParts,
  drawMap,
  NOTHING_SEEN,
  PART_STATES,
  type SeenParts,
  seeParts,
} from '../../../src/presentation/verification-map.ts';
import type { RowNews } from '../../../src/transfer/read/read-types.ts';

const row = (index: number, news: Partial<RowNews> = {}): RowNews => ({
  ...{ index, rowCount: 332, origin: 'node', wrongFrom: [], slowNodes: [] },
  ...news,
});
const seen = (news: readonly RowNews[]) => seeParts(NOTHING_SEEN, news);

/** Left end, top and width of the outermost box of each cell. */
const cellsOf = (path: string) =>
  [...path.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)v14h/g)].map(([, x, y, width]) => ({
    ...{ x: Number(x), y: Number(y), width: Number(width) },
  }));

/** One part of each state. */
const four = seen([
  row(0, { rowCount: 4 }),
  row(1, { rowCount: 4, origin: 'recovered' }),
  row(2, { rowCount: 4, wrongFrom: ['0xaa'] }),
]);

describe('the map', () => {
  it('has a cell for each part, in reading order and inside, in as many lines as it needs', () => {
    const all = Array.from({ length: 332 }, (_, at) => row(at));
    for (const [width, lines] of [
      [2000, 1],
      [760, 3],
      [288, 7],
    ] as const) {
      const { paths, height } = drawMap(seen(all), width);
      const cells = cellsOf(paths.verified);
      expect(cells).toHaveLength(332);
      expect(height).toBe(lines * 18 - 4);
      for (const [at, { x, y, width: wide }] of cells.entries()) {
        const before = cells[at - 1] ?? { x: -1, y: 0 };
        expect(y > before.y || x > before.x).toBe(true);
        expect(wide).toBeGreaterThan(4);
        expect(x + wide).toBeLessThanOrEqual(width + 0.02);
      }
    }
  });

  it('tells the states apart by shape, not by colour alone', () => {
    const { paths } = drawMap(four, 400);
    const shapes = PART_STATES.map((state) => paths[state].replace(/M[\d.]+/g, 'M'));
    expect(shapes.every((shape) => shape !== '')).toBe(true);
    expect(new Set(shapes).size).toBe(4);
  });

  it('draws nothing before anything is known', () => {
    expect(drawMap(NOTHING_SEEN, 400).paths.waiting).toBe('');
    expect(drawMap(four, 0).paths.verified).toBe('');
  });
});

describe('what was seen', () => {
  it('counts parts once, and does not forget who was wrong', () => {
    const again = seeParts(four, [row(2, { rowCount: 4, origin: 'cache' })]);
    const { byState, wrong } = countParts(again);
    expect(byState).toEqual({ verified: 1, rebuilt: 1, replaced: 1, waiting: 1 });
    expect([...wrong]).toEqual([['0xaa', [3]]]);
  });

  const linesOf = (parts: SeenParts) => {
    const formats = formatsFor('en-US');
    const say = createSay('en-US', english);
    return readingReport(parts, formats, say).map(({ key, values }) => say(key, values));
  };

  it('is said in sentences', () => {
    const parts = seen([
      ...Array.from({ length: 209 }, (_, at) => row(at, { nodeId: `0x${at % 9}` })),
      row(87, { nodeId: '0x1', wrongFrom: ['0xaa'], slowNodes: ['0xbb', '0xaa'] }),
      row(209, { origin: 'source', wrongFrom: ['cache.example', 'x.example'] }),
      row(210, { origin: 'recovered', slowNodes: ['0xcc', '0xbb'] }),
    ]);
    expect(linesOf(parts)).toEqual([
      '211 of 332 parts verified so far, nothing unverified is shown.',
      'Sources: 9 storage nodes (209 parts), an aggregator (1 part), and rebuilt from pieces of others (1 part).',
      '1 node sent wrong data (part 88, replaced).',
      '2 aggregators sent wrong data (part 210, replaced).',
      '3 nodes were slow.',
    ]);
    expect(linesOf(NOTHING_SEEN)).toEqual([]);
  });

  it('names few parts, and counts many', () => {
    const wrong = (count: number) =>
      seen(Array.from({ length: count }, (_, at) => row(at, { wrongFrom: ['0xaa'] })));
    expect(linesOf(wrong(3))).toContain('1 node sent wrong data (parts 1, 2, and 3, replaced).');
    expect(linesOf(wrong(9))).toContain('1 node sent wrong data for 9 parts, all replaced.');
  });
});
