import { expect, it } from 'vitest';
import { drawQr, type QrPicture } from '../../../src/presentation/qr-code.ts';
import { readQr } from '../../../src/presentation/read-qr.ts';

const PIXELS = 4;

/** Draws the bars as a camera would see them: dark on white. */
function paint({ path, size }: QrPicture) {
  const width = size * PIXELS;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * PIXELS; row < (Number(y) + 1) * PIXELS; row++) {
      const from = row * width + Number(x) * PIXELS;
      for (let at = from; at < from + Number(length) * PIXELS; at++)
        data.fill(0, at * 4, at * 4 + 3);
    }
  }
  return { width, height: width, data };
}

it.each([
  'https://aggregator.example/v1/blobs/M4hsZGQ1oCktdzegB6HnI6Mi28S2nqOPHxK-W7_4BUk',
  'http://127.0.0.1:31415/v1/blobs/Wf3k9Q',
  'https://ünï.example/ü?ü',
])('is read as the text that it was made of: %s', (text) => {
  expect(readQr(paint(drawQr(text)))).toBe(text);
});

it('has nothing dark near its edges, where readers look for light', () => {
  const { path, size } = drawQr('x');
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    expect(Math.min(Number(x), Number(y))).toBeGreaterThanOrEqual(4);
    expect(Math.max(Number(x) + Number(length), Number(y) + 1)).toBeLessThanOrEqual(size - 4);
  }
});

it('is not seen in a picture that has none', () => {
  const data = new Uint8Array(80 * 80 * 4).map((_, at) => (at * 37) % 256);
  expect(readQr({ width: 80, height: 80, data })).toBeUndefined();
});
