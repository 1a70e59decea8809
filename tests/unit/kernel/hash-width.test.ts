import { expect, test } from 'vitest';
import { type Hashed, type HashWidth, HashWidthChoice } from '../../../src/kernel/hash-width.ts';

/** Lets `groups` groups be hashed; `cost` gives the milliseconds of each. */
function run(groups: number, cost: (width: HashWidth, group: number) => number): HashWidth[] {
  let now = 0;
  const choice = new HashWidthChoice({ monotonic: () => now });
  return Array.from({ length: groups }, (_, group) => {
    const width = choice.begin('columns');
    now += cost(width, group);
    choice.end('columns', width);
    return width;
  });
}

test('the width that takes less time is kept', () => {
  expect(run(200, (width) => (width === 3 ? 2 : 3)).slice(100)).toEqual(Array(100).fill(3));
  expect(run(200, (width) => (width === 2 ? 2 : 3)).slice(100)).toEqual(Array(100).fill(2));
});

test('slow first groups and disturbed ones do not count', () => {
  const cost = (width: HashWidth, group: number) => {
    if (group < 60) return width === 3 ? 50 : 5;
    if (group % 8 === 1) return 90;
    return width === 3 ? 2.1 : 2.4;
  };
  expect(run(200, cost).slice(100)).toEqual(Array(100).fill(3));
});

test('most of the first blob is hashed in pairs', () => {
  expect(run(63, () => 1).filter((width) => width === 3)).toHaveLength(15);
});

test('times of reading and of writing are not compared with each other', () => {
  let now = 0;
  const choice = new HashWidthChoice({ monotonic: () => now });
  // Pairs by those who write, trios by those who read: what costs less must not win by that alone.
  const costs: Record<Hashed, number> = { columns: 1, rows: 100 };
  const turns = Array.from({ length: 300 }, (_, at): Hashed => (at % 2 === 0 ? 'columns' : 'rows'));
  for (const what of turns) {
    expect(choice.best).toBe(2);
    const width = choice.begin(what);
    now += costs[what] * (width === 3 ? 2 : 3);
    choice.end(what, width);
    if (choice.best === 3) break;
  }
  expect(choice.best).toBe(3);
});
