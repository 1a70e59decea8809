import { describe, expect, it } from 'vitest';
import { contentType, UNKNOWN_TYPE } from '../../../../src/flows/read/content-type.ts';

const latin = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const PNG = latin('\x89PNG\r\n\x1a\n and more');
const MP4 = latin('\0\0\0\x20ftypisom\0\0\x02\0');
const SCRIPT = latin('alert(1)');
const HTML = latin('<!doctype html><script>alert(1)</script>');
const SVG = latin('<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg"/>');
const TEXT = 'text/plain; charset=utf-8';

describe('the type of a blob', () => {
  it.each([
    [PNG, 'image/png', 'image/png'],
    [PNG, undefined, 'image/png'],
    [PNG, 'IMAGE/PNG; a=b', 'image/png'],
    [PNG, 'image/jpeg', UNKNOWN_TYPE],
    [MP4, undefined, 'video/mp4'],
    [latin('\x1a\x45\xdf\xa3'), 'audio/webm', 'audio/webm'],
    [latin('RIFF1234WEBP'), undefined, 'image/webp'],
    [latin('RIFF1234WAVE'), undefined, 'audio/wav'],
    [latin('%PDF-1.7'), undefined, 'application/pdf'],
    [latin('\xff\xfb\x90\x00'), 'audio/mpeg', 'audio/mpeg'],
    [latin('\xff\xfeh\0i\0'), undefined, UNKNOWN_TYPE], // UTF-16, which is no sound
    [SVG, 'image/svg+xml', 'image/svg+xml'],
    [SVG, undefined, TEXT],
    [latin('BM is a car'), undefined, TEXT],
    [latin('a\0b'), undefined, UNKNOWN_TYPE],
    [new TextEncoder().encode('grüß'), undefined, TEXT],
    [new TextEncoder().encode('ü').subarray(0, 1), 'text/plain', TEXT],
    [latin('\xfc'), 'image/png', UNKNOWN_TYPE],
    [new Uint8Array(), undefined, UNKNOWN_TYPE],
    [new Uint8Array(), 'image/png', UNKNOWN_TYPE],
  ])('%#: is what its bytes say, within a closed list', (bytes, wanted, type) => {
    expect(contentType(bytes, wanted)).toBe(type);
  });

  it.each([
    'text/javascript',
    'application/javascript',
    'module',
    'text/css',
    'text/html',
    'application/xhtml+xml',
    'application/wasm',
    'application/json',
    'application/manifest+json',
    'text/xml',
    '__proto__',
    'constructor',
    '',
  ])('is never %s', (wanted) => {
    for (const bytes of [SCRIPT, HTML, SVG, latin('\0asm\x01\0\0\0')]) {
      expect(contentType(bytes, wanted)).toBe(UNKNOWN_TYPE);
      expect([TEXT, UNKNOWN_TYPE]).toContain(contentType(bytes));
    }
  });

  it('is found at once, however many comments come before nothing', () => {
    const hostile = latin(`${'<!---->'.repeat(73)}x`);
    expect(contentType(hostile, 'image/svg+xml')).toBe(UNKNOWN_TYPE);
  });
});
