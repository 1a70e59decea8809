import { expect, test } from 'vitest';
import { networkShares } from '../../../src/presentation/network-verdict.ts';
import { drawWeather } from '../../../src/presentation/weather-bars.ts';

const nodes = (answering: number, silent: number) => [
  ...Array.from({ length: answering }, () => ({ weight: 1, answers: true })),
  ...Array.from({ length: silent }, () => ({ weight: 1, answers: false })),
];

test.each([
  [1000, 'good'],
  [900, 'good'],
  [899, 'some-silent'],
  [667, 'some-silent'],
  [666, 'no-writes'],
  [334, 'no-writes'],
  [333, 'no-reads'],
  [0, 'no-reads'],
])('%i of 1000 shares: %s', (answering, verdict) => {
  const shares = networkShares(nodes(answering, 1000 - answering));
  expect(shares).toEqual({ verdict, answering, total: 1000, toStore: 667, toRead: 334 });
});

test('slow answers are high bars, missing ones notches, and the newest is at the end', () => {
  const { bars, faults, width } = drawWeather([{ ms: 10 }, { ms: 20_000 }, {}], 4);
  expect(width).toBe(19);
  expect(bars).toBe('M5 18h4v2h-4zM10 0h4v20h-4z');
  expect(faults).toBe('M15 0h4l-2 6z');
  expect(drawWeather([{ ms: 1 }, { ms: 10 }, {}], 1)).toMatchObject({ bars: '', width: 4 });
});
