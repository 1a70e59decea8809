/** Bytes from the begin of a blob that tell its type. */
export const SNIFF_BYTES = 512;

/** What is not known, or not on the list. */
export const UNKNOWN_TYPE = 'application/octet-stream';

const SVG = 'image/svg+xml';

type Test = (bytes: Uint8Array) => boolean;

const starts =
  (text: string, at = 0): Test =>
  (bytes) =>
    [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0));
const both =
  (...tests: readonly Test[]): Test =>
  (bytes) =>
    tests.every((test) => test(bytes));
const either =
  (...tests: readonly Test[]): Test =>
  (bytes) =>
    tests.some((test) => test(bytes));
const brand = (...names: readonly string[]): Test =>
  both(starts('ftyp', 4), either(...names.map((name) => starts(name, 8))));
/**
 * A frame of MPEG audio: eleven bits that are set, layer II or III, no reserved version. With layer I, which nobody
 * uses, every text in UTF-16 that says so with its first bytes would be one.
 */
const isMpegFrame: Test = ([a = 0, b = 0]) =>
  a === 0xff && (b & 0xe0) === 0xe0 && [2, 4].includes(b & 0x06) && (b & 0x18) !== 0x08;
const isText: Test = (bytes) => {
  // The last character may be cut off.
  const text = new TextDecoder().decode(bytes.subarray(0, SNIFF_BYTES), { stream: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no text has
  return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/.test(text);
};
const isSvg: Test = both(isText, (bytes) =>
  // A comment ends at its first end: it could else be split in so many ways that a hostile blob would never be judged.
  /^\ufeff?\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->)[\s\S])*-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/.test(
    new TextDecoder().decode(bytes.subarray(0, SNIFF_BYTES)),
  ),
);

/**
 * All types that are ever named, with what their first bytes must be. None is a script, a style or a page; what can hold
 * a script is named only to who asks for it, and answers forbid it to run.
 */
const TYPES: Readonly<Record<string, Test>> = {
  'image/png': starts('\x89PNG\r\n\x1a\n'),
  'image/jpeg': starts('\xff\xd8\xff'),
  'image/gif': either(starts('GIF87a'), starts('GIF89a')),
  'image/webp': both(starts('RIFF'), starts('WEBP', 8)),
  'image/avif': brand('avif', 'avis'),
  'image/bmp': both(starts('BM'), starts('\0\0\0\0', 6)),
  [SVG]: isSvg,
  'video/webm': starts('\x1a\x45\xdf\xa3'),
  'video/mp4': brand(
    'isom',
    'iso2',
    'iso4',
    'iso5',
    'iso6',
    'mp41',
    'mp42',
    'avc1',
    'dash',
    'M4V ',
  ),
  'video/quicktime': brand('qt  '),
  'audio/mp4': brand('M4A ', 'M4B '),
  'audio/mpeg': either(starts('ID3'), isMpegFrame),
  'audio/flac': starts('fLaC'),
  'audio/wav': both(starts('RIFF'), starts('WAVE', 8)),
  'audio/ogg': starts('OggS'),
  'video/ogg': starts('OggS'),
  'audio/webm': starts('\x1a\x45\xdf\xa3'),
  'application/pdf': starts('%PDF-'),
  'text/plain': isText,
};

const TEXT = 'text/plain; charset=utf-8';

/**
 * The type under which a blob may be handed out.
 *
 * @param first the first bytes of the blob, `SNIFF_BYTES` or all, verified
 * @param wanted what somebody says that it is; believed where it is on the list and the bytes agree
 */
export function contentType(first: Uint8Array, wanted?: string): string {
  const name = wanted?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isRight = Object.hasOwn(TYPES, name) && TYPES[name]?.(first) === true;
  const found = isRight ? name : wanted === undefined ? sniffed(first) : undefined;
  return found === 'text/plain' ? TEXT : (found ?? UNKNOWN_TYPE);
}

/** The first type of the list that the bytes fit; text only where it is not empty. */
function sniffed(first: Uint8Array): string | undefined {
  if (first.length === 0) return undefined;
  return Object.keys(TYPES).find((name) => name !== SVG && TYPES[name]?.(first));
}
