import { describe, expect, it } from 'vitest';
import { formatsFor } from '../../../src/presentation/format.ts';

const en = formatsFor('en-US');

describe('formats', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [48_213_004, '48.2 MB'],
    [999_949, '1 MB'],
    [14_599_533_452, '14.6 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(en.bytes(bytes)).toBe(text);
  });

  it('writes every byte on request', () => {
    expect(en.exactBytes(48_213_004)).toBe('48,213,004 bytes');
  });

  it('rounds percent down, so that 100 % means all', () => {
    expect(en.percent(0.9999)).toBe('99%');
    expect(en.percent(1)).toBe('100%');
    expect(en.percent(Number.NaN)).toBe('0%');
  });

  it('writes speeds with two digits', () => {
    expect(en.speed(38_400_000)).toBe('38 MB/s');
    expect(en.speed(9_400_000)).toBe('9.4 MB/s');
  });

  it.each([
    [0.42, '0.4 sec'],
    [5, '5 sec'],
    [60, '1 min'],
    [75, '1 min, 15 sec'],
    [3600, '1 hr'],
    [3720, '1 hr, 2 min'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(en.duration(seconds)).toBe(text);
  });

  it('follows the locale, and is made once for each', () => {
    expect(formatsFor('de-DE').bytes(48_213_004)).toBe('48,2 MB');
    expect(formatsFor('de-DE')).toBe(formatsFor('de-DE'));
  });
});
