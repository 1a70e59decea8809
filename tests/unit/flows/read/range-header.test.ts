import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeWish } from '../../../../src/flows/read/range-header.ts';

const part = (begin: number, end: number) => ({ kind: 'part', begin, end });

describe('a range header', () => {
  it.each([
    [null, { kind: 'whole' }],
    ['bytes=0-4', part(0, 5)],
    ['bytes=2-', part(2, 10)],
    ['bytes=-3', part(7, 10)],
    ['bytes=-99', part(0, 10)],
    ['bytes=9-9', part(9, 10)],
    ['bytes=8-99', part(8, 10)],
    ['BYTES = 1 - 2', part(1, 3)],
    ['bytes=10-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=4-2', { kind: 'whole' }],
    ['bytes=0-1,3-4', { kind: 'whole' }],
    ['items=0-1', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
    ['bytes=a-b', { kind: 'whole' }],
    ['bytes=0-4;x', { kind: 'whole' }],
    [`bytes=0-${'9'.repeat(400)}`, part(0, 10)],
    [`bytes=${'9'.repeat(400)}-`, { kind: 'unsatisfiable' }],
  ])('%s of 10 bytes', (header, wish) => {
    expect(rangeWish(header, 10)).toEqual(wish);
  });

  it('asks for nothing of an empty body', () => {
    for (const header of ['bytes=0-', 'bytes=0-0', 'bytes=-5']) {
      expect(rangeWish(header, 0)).toEqual({ kind: 'unsatisfiable' });
    }
    expect(rangeWish(null, 0)).toEqual({ kind: 'whole' });
  });

  it('never leaves the body, whatever it says', () => {
    const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=[0-9]{0,4}-[0-9]{0,4}$/));
    fc.assert(
      fc.property(header, fc.nat(3_000), (text, length) => {
        const wish = rangeWish(text, length);
        if (wish.kind !== 'part') return;
        expect(wish.begin >= 0 && wish.begin < wish.end && wish.end <= length).toBe(true);
      }),
    );
  });
});
