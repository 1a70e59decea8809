import encodeQR from 'qr';

/** A QR code as SVG path data, in modules. */
export interface QrPicture {
  readonly path: string;
  /** modules on each side, with the quiet zone that readers need around it */
  readonly size: number;
}

/** What a code may lose and still be read: 15 percent. */
const LOSS = 'medium';
const QUIET = 4;

/** The dark modules of a text's QR code; neighbours in a row are drawn as one. */
export function drawQr(text: string): QrPicture {
  const rows = encodeQR(text, 'raw', { ecc: LOSS, border: QUIET });
  const path = rows.map((row, y) => row.map((isDark, x) => run(row, isDark, x, y)).join(''));
  return { path: path.join(''), size: rows.length };
}

/** The bar that begins with this module; nothing for a light one, and inside of a bar. */
function run(row: readonly boolean[], isDark: boolean, x: number, y: number): string {
  if (!isDark || row[x - 1] === true) return '';
  const light = row.indexOf(false, x);
  const length = (light < 0 ? row.length : light) - x;
  return `M${x} ${y}h${length}v1h-${length}z`;
}
