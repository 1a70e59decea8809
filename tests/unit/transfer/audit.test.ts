import { expect, it } from 'vitest';
import { leastPart } from '../../../src/transfer/read/audit.ts';

it('an audit says what part is right at least, as the binomial distribution has it', () => {
  // 0.05^(1/20): the part at which 20 right ones in a row have a chance of one in twenty
  expect(leastPart(20, 20)).toBeCloseTo(0.05 ** (1 / 20), 9);
  expect(leastPart(1, 1)).toBeCloseTo(0.05, 9);
  expect(leastPart(0, 20)).toBe(0);
  expect(leastPart(10, 20)).toBeCloseTo(0.302, 3); // the table of Clopper and Pearson
  expect(leastPart(900, 1_000)).toBeGreaterThan(0.88);
  expect(leastPart(900, 1_000)).toBeLessThan(0.9);
});
