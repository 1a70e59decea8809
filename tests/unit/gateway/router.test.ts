import { describe, expect, it } from 'vitest';
import { gatewayUrl } from '../../../src/flows/read/gateway-talk.ts';
import { type Asked, routeOf } from '../../../src/gateway/router.ts';

const ROOT = new URL('https://host.test/sub/path/');
const ID = `${'a'.repeat(42)}A`;
const OBJECT = `0x${'0f'.repeat(32)}`;

const route = (path: string, asked: Partial<Asked> = {}) =>
  routeOf(
    ...([
      { method: 'GET', mode: 'cors', destination: '', url: ROOT.href + path, ...asked },
      ROOT,
    ] as const),
  );

it('finds again what an address was written for', () => {
  const wish = {
    ...({ network: 'localnet', download: 'a&b.png', type: 'image/png' } as const),
    asker: '1b4e-28ba',
  };
  const found = { kind: 'blob', id: { blobId: ID }, ...wish };
  expect(route('', { url: gatewayUrl(ROOT, ID, wish) })).toEqual(found);
  expect(gatewayUrl(ROOT, OBJECT)).toBe(`${ROOT.href}v1/blobs/by-object-id/${OBJECT}`);
});

describe('routeOf', () => {
  it.each([
    ['v1/blobs/ID', { id: { blobId: ID } }],
    ['v1/blobs/ID?x=1', { id: { blobId: ID } }],
    ['v1/blobs/ID?for=<b>', { id: { blobId: ID } }],
    ['v1/blobs/ID?dl', { id: { blobId: ID }, download: '' }],
    [
      'v1/blobs/ID?dl=a%2Fb.png&type=image/png',
      { id: { blobId: ID }, download: 'a/b.png', type: 'image/png' },
    ],
    ['v1/blobs/ID?network=testnet', { id: { blobId: ID }, network: 'testnet' }],
    [`v1/blobs/by-object-id/${OBJECT}`, { id: { objectId: OBJECT } }],
  ])('finds the blob of %s', (path, found) => {
    expect(route(path.replace('ID', ID))).toEqual({ kind: 'blob', ...found });
  });

  it.each([
    ...[
      'v1',
      'v1/',
      'v1/blobs/',
      'v1/blobs/x',
      `v1/blobs/${ID}A`,
      `v1/blobs/${ID}/`,
      `v1/blobs/x.${ID}`,
    ],
    ...[
      `v1/blobs/${'a'.repeat(43)}`,
      `v1/blobs/${OBJECT}`,
      'v1/blobs/by-object-id/0x',
      `v1/blobs/by-object-id/${ID}`,
    ],
    ...[`v1/blobs/${ID}?network=`, `v1/blobs/${ID}?network=devnet`],
    ...[`v1/blobs/by-quilt-id/${ID}/name`, 'v1/index.html', `v1//blobs/${ID}`],
  ])('refuses %s, and does not ask the host', (path) => {
    expect(route(path)).toEqual({ kind: 'refused', why: 'address' });
  });

  it.each(['', 'image', 'video', 'audio', 'document', 'iframe'])(
    'gives bytes as %j',
    (destination) => {
      expect(route(`v1/blobs/${ID}`, { destination }).kind).toBe('blob');
    },
  );

  it.each([
    ...[
      'script',
      'worker',
      'sharedworker',
      'serviceworker',
      'audioworklet',
      'paintworklet',
      'style',
      'font',
      'json',
    ],
    ...[
      'object',
      'embed',
      'manifest',
      'report',
      'track',
      'xslt',
      'frame',
      'fencedframe',
      'webidentity',
      'text',
    ],
  ])('gives nothing as %s', (destination) => {
    expect(route(`v1/blobs/${ID}`, { destination })).toEqual({
      kind: 'refused',
      why: 'destination',
    });
    expect(route('v1/anything', { destination })).toEqual({ kind: 'refused', why: 'destination' });
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('does not answer %s', (method) => {
    expect(route(`v1/blobs/${ID}`, { method })).toEqual({ kind: 'refused', why: 'method' });
    expect(route('assets/a.js', { method })).toEqual({ kind: 'host' });
  });

  it('knows places, assets and other files of the app', () => {
    expect(route(`b/${ID}`, { mode: 'navigate', destination: 'document' })).toEqual({
      kind: 'page',
    });
    expect(route('assets/a.js', { destination: 'script' })).toEqual({ kind: 'asset' });
    expect(route('icon.svg', { destination: 'image' })).toEqual({ kind: 'file' });
    expect(route('v10/blobs')).toEqual({ kind: 'file' });
  });

  it('leaves other origins and other paths of the host alone', () => {
    for (const url of [
      `https://other.test/sub/path/v1/blobs/${ID}`,
      `https://host.test/v1/blobs/${ID}`,
    ]) {
      expect(route('', { url })).toEqual({ kind: 'host' });
    }
  });
});
