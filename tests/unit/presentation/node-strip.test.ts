import { describe, expect, it } from 'vitest';
import { type BlockState, countShares, drawStrip } from '../../../src/presentation/node-strip.ts';

const nodes = (count: number, state: BlockState = 'waiting') =>
  Array.from({ length: count }, (_, at) => ({ weight: 1 + (at % 19), state }));

/** Left end, top and width of each block of a path. */
const blocksOf = (path: string) =>
  [...path.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)].map(([, x, y, width]) => ({
    ...{ x: Number(x), y: Number(y), width: Number(width) },
  }));

describe('drawStrip', () => {
  it('has a block for each node, as wide as its share, in order and inside', () => {
    const { paths, height } = drawStrip(nodes(100), 1000);
    const blocks = blocksOf(paths.waiting);
    expect(blocks).toHaveLength(100);
    expect(height).toBe(24);
    const total = 5 * 190 + 15; // five times 1 to 19, and 1 to 5
    for (const [at, { x, width }] of blocks.entries()) {
      expect(width).toBeCloseTo(Math.max(1, ((1 + (at % 19)) / total) * 1000 - 2), 1);
      expect(x).toBeGreaterThan(blocks[at - 1]?.x ?? -1);
      expect(x + width).toBeLessThanOrEqual(1000.01);
    }
  });

  it('wraps on a narrow screen into rows of about equal weight', () => {
    const { paths, height } = drawStrip(nodes(100), 328);
    const blocks = blocksOf(paths.waiting);
    expect(blocks).toHaveLength(100);
    expect(height).toBe(3 * 24 + 2 * 4);
    const ends = [0, 28, 56].map((row) => {
      const last = blocks.filter(({ y }) => y === row).at(-1);
      return (last?.x ?? 0) + (last?.width ?? 0);
    });
    for (const end of ends) {
      expect(end).toBeGreaterThan(300);
      expect(end).toBeLessThanOrEqual(328.01);
    }
  });

  it('keeps few nodes in one row, and draws nothing for none', () => {
    expect(drawStrip(nodes(10), 328).height).toBe(24);
    expect(drawStrip([], 328)).toMatchObject({ height: 24, paths: { waiting: '' } });
  });

  it('tells states apart by path, those set aside by a notch', () => {
    const states = ['confirmed', 'failed', 'sending', 'failed'] as const;
    const { paths } = drawStrip(
      states.map((state) => ({ weight: 1, state })),
      400,
    );
    expect(paths.failed.match(/M[\d.]+ 0l/g)).toHaveLength(2);
    expect(blocksOf(paths.confirmed)).toEqual([{ x: 0, y: 0, width: 98 }]);
    expect(blocksOf(paths.sending)).toEqual([{ x: 200, y: 0, width: 98 }]);
    expect(paths.confirming).toBe('');
  });

  it('gives each filled state a shape of its own, so that none differs by colour alone', () => {
    const shapeOf = (state: BlockState) => drawStrip([{ weight: 1, state }], 400).paths[state];
    const filled = (['confirmed', 'confirming', 'failed'] as const).map(shapeOf);
    expect(new Set(filled).size).toBe(3);
  });
});

describe('countShares', () => {
  it('adds up shares by state', () => {
    const some = [
      ...[
        { weight: 3, state: 'confirmed' as const },
        { weight: 4, state: 'failed' as const },
      ],
      ...[{ weight: 5, state: 'confirmed' as const }],
    ];
    expect(countShares(some)).toEqual({
      ...{ confirmed: 8, failed: 4, confirming: 0, sending: 0, waiting: 0 },
    });
  });
});
