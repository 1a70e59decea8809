import { expect, it } from 'vitest';
import { readShortLink, writeShortLink } from '../../../src/app/short-link.ts';

const read = (address: string, base = '') =>
  readShortLink(new URL(address, 'https://h.example'), base);
const plain = { isStrict: false, isDownload: false };

it('is understood as a path and behind a hash, at the root and below it', () => {
  const link = { kind: 'blob', id: 'ID', ...plain };
  expect(read('/b/ID')).toEqual(link);
  expect(read('/b/ID/')).toEqual(link);
  expect(read('/#/b/ID')).toEqual(link);
  expect(read('/app/b/ID', '/app')).toEqual(link);
  expect(read('/app/#/b/ID', '/app')).toEqual(link);
  expect(read('/app/settings.html#/o/0x2', '/app')).toEqual({
    kind: 'object',
    id: '0x2',
    ...plain,
  });
});

it('takes wishes from the query, wherever it stands', () => {
  const wishes = { startSeconds: 90, isStrict: true, isDownload: true };
  expect(read('/b/ID?t=90&strict=1&dl=1')).toMatchObject(wishes);
  expect(read('/#/b/ID?t=90&strict=1&dl=1')).toMatchObject(wishes);
  expect(read('/b/ID?t=1.5')).toMatchObject({ startSeconds: 1.5 });
  for (const t of ['-1', 'x', '', 'Infinity']) {
    expect(read(`/b/ID?t=${t}&strict=0`)).toEqual({ kind: 'blob', id: 'ID', ...plain });
  }
});

it('leaves all other places to the app', () => {
  for (const place of ['/', '/b', '/b/', '/b/ID/more', '/open/compare', '/x/b/ID', '/#/settings']) {
    expect(read(place), place).toBeUndefined();
  }
});

it('reads what it writes', () => {
  for (const form of ['path', 'hash'] as const) {
    const address = writeShortLink('https://h.example/app/', 'ID', form);
    expect(read(address, '/app')).toMatchObject({ kind: 'blob', id: 'ID' });
  }
});
