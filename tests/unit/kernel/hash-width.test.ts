import { expect, test } from 'vitest';
import { type HashWidth, HashWidthChoice } from '../../../src/kernel/hash-width.ts';

/** Lets `groups` groups be hashed; `cost` gives the milliseconds of each. */
function run(groups: number, cost: (width: HashWidth, group: number) => number): HashWidth[] {
  let now = 0;
  const choice = new HashWidthChoice({ monotonic: () => now });
  return Array.from({ length: groups }, (_, group) => {
    const width = choice.begin();
    now += cost(width, group);
    choice.end(width);
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
