import { drawQr } from '../../src/presentation/qr-code.ts';

const WIDTH = 640;
const HEIGHT = 480;
const WHITE = 235;
const BLACK = 16;

/** A film of one picture that shows a QR code, as Chromium takes it instead of a camera. */
export function qrFilm(text: string): Buffer {
  const { path, size } = drawQr(text);
  const scale = Math.floor(HEIGHT / size);
  const left = Math.floor((WIDTH - size * scale) / 2);
  const light = Buffer.alloc(WIDTH * HEIGHT, WHITE);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    const from = left + Number(x) * scale;
    const end = from + Number(length) * scale;
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      light.fill(BLACK, row * WIDTH + from, row * WIDTH + end);
    }
  }
  const grey = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  return Buffer.concat([head, Buffer.from('FRAME\n'), light, grey]);
}
