import { describe, expect, it } from 'vitest';
import { disposition, nameIn } from '../../../src/gateway/headers.ts';

const of = (type: string, name?: string, isWanted = false) => disposition(type, { name, isWanted });

describe('disposition', () => {
  it.each([
    ['image/png', 'inline'],
    ['image/svg+xml', 'inline'],
    ['video/webm', 'inline'],
    ['audio/flac', 'inline'],
    ['application/pdf', 'inline'],
    ['text/plain; charset=utf-8', 'inline'],
    ['application/octet-stream', 'attachment'],
    ['text/plainx', 'attachment'],
    ['application/pdfx', 'attachment'],
  ])('of %s is %s', (type, expected) => {
    expect(of(type)).toBe(expected);
    expect(of(type, undefined, true)).toBe('attachment');
  });

  it.each([
    ['a b.png', 'attachment; filename="a b.png"'],
    [
      'Straße €.pdf',
      `attachment; filename="Stra_e _.pdf"; filename*=UTF-8''Stra%C3%9Fe%20%E2%82%AC.pdf`,
    ],
    ["it's (1)*.txt", 'attachment; filename="it\'s (1)_.txt"'],
    ["ü'(1).txt", `attachment; filename="_'(1).txt"; filename*=UTF-8''%C3%BC%27%281%29.txt`],
    ['../../etc/passwd', 'attachment; filename="_.._etc_passwd"'],
    ['C:\\x\\y.exe', 'attachment; filename="C__x_y.exe"'],
    ['a"; x="b\r\nSet-Cookie: c', 'attachment; filename="a_; x=_bSet-Cookie_ c"'],
    ['gpj.\u202eexe', 'attachment; filename="gpj.exe"'],
    ['\ud800x\u0000', 'attachment; filename="x"'],
    ['100%25.txt', `attachment; filename="100_25.txt"; filename*=UTF-8''100%2525.txt`],
    ['...', 'attachment'],
    ['', 'attachment'],
  ])('names %j', (name, expected) => {
    expect(of('image/png', name, true)).toBe(expected);
    expect(() => new Headers({ 'content-disposition': expected })).not.toThrow();
  });

  it('cuts a name that is too long, and keeps its ending', () => {
    const text = of('image/png', `${'x'.repeat(5_000)}.jpeg`);
    expect(text).toMatch(/^inline; filename="x+\.jpeg"$/);
    expect(text.length).toBeLessThan(220);
  });
});

describe('nameIn', () => {
  it.each([
    ['attachment; filename="a \\"b\\".png"', 'a "b".png'],
    ['inline;filename=x.png; size=3', 'x.png'],
    [`attachment; filename="x.png"; filename*=UTF-8''%E2%82%AC.png`, '€.png'],
    [`attachment; filename*=UTF-8''%E2%82; filename="y.png"`, 'y.png'],
    ['attachment', undefined],
    ['', undefined],
  ])('%j', (text, name) => {
    expect(nameIn(text)).toBe(name);
  });
});
