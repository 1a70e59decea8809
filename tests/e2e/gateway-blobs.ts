/** Blobs of all kinds, each as small as its kind allows; those that can run leave a trace. */
import { webm } from '../support/webm.ts';

/** Leaves a trace wherever it runs. */
const RUNS = `try { new BroadcastChannel('ran').postMessage(1) } catch {}
try { globalThis.parent?.postMessage('ran', '*'); globalThis.opener?.postMessage('ran', '*') } catch {}
globalThis.ran = 'ran';`;

const HTML = `<!doctype html><title>page</title><style>body{color:red}</style>
<script>${RUNS}</script><img src="x" onerror="${RUNS.replaceAll('\n', ' ')}"><p>words`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="${RUNS.replaceAll('\n', ' ').replaceAll('&', '&amp;')}">
<script>${RUNS}</script><rect width="9" height="9" fill="#0a0"/></svg>`;

/** A picture of one colour, 8 by 8, as BMP. */
function picture(): Buffer {
  const bytes = Buffer.alloc(54 + 8 * 8 * 3, 0x80);
  bytes.fill(0, 0, 54);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, 8],
    [22, 8],
  ] as const)
    bytes.writeUInt32LE(value, at);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

/** A second of a tone, as WAV. */
function tone(): Buffer {
  const rate = 8_000;
  const bytes = Buffer.alloc(44 + rate);
  bytes.write('RIFF');
  bytes.writeUInt32LE(36 + rate, 4);
  bytes.write('WAVEfmt ', 8);
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, rate],
    [40, rate],
  ] as const)
    bytes.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    bytes.writeUInt16LE(value, at);
  bytes.write('data', 36);
  for (let at = 0; at < rate; at++) bytes[44 + at] = 128 + 100 * Math.sin(at / 3);
  return bytes;
}

/** Fills the page with this colour, red, green and blue from 0 to 1. */
const PAGE_COLOUR = '1 0 1';

/** A page of one colour whose script would show a dialog and ask an address for something. */
function pdf(): Buffer {
  const script = "app.alert('ran'); app.launchURL('/ran'); this.submitForm('/ran');";
  const page = `${PAGE_COLOUR} rg 0 0 200 100 re f`;
  const objects = [
    `<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(${script.replaceAll(/[()]/g, '\\$&')})>>>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<<>>>>',
    `<</Length ${page.length}>>stream\n${page}\nendstream`,
  ];
  const numbered = objects.map((object, at) => `${at + 1} 0 obj\n${object}\nendobj`);
  return Buffer.from(`%PDF-1.4\n${numbered.join('\n')}\ntrailer<</Root 1 0 R>>\n%%EOF\n`);
}

export const VIDEO = { seconds: 240, bytesPerSecond: 50_000 } as const;

export const SOURCES = {
  video: webm(VIDEO.seconds, VIDEO.bytesPerSecond),
  picture: picture(),
  tone: tone(),
  data: Buffer.from(Uint8Array.from({ length: 100_003 }, (_, at) => (at * 7 + (at >> 8)) & 255)),
  script: Buffer.from(RUNS),
  html: Buffer.from(HTML),
  svg: Buffer.from(SVG),
  document: pdf(),
} as const;
