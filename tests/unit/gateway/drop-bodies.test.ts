import { describe, expect, it } from 'vitest';
import { garbageFor } from '../../../src/gateway/drop-bodies.ts';
import { withBodyBytes } from '../../../src/protocol/told-size.ts';

const MiB = 1 << 20;
const URL_OF_NODE = 'https://node.example:9185/v1/blobs/x/slivers/7/primary';
const put = (bytes: number) => ({ method: 'PUT', url: withBodyBytes(URL_OF_NODE, bytes) });

describe('garbageFor', () => {
  it.each([0, 1, 20_000, 4 * MiB])('is three times what an upload of %i bytes holds', (bytes) => {
    expect(garbageFor(put(bytes))).toBe(3 * bytes);
    expect(garbageFor({ ...put(bytes), method: 'POST' })).toBe(3 * bytes);
  });

  it('is bounded', () => {
    expect(garbageFor(put(14e9))).toBe(64 * MiB);
    expect(garbageFor({ method: 'PUT', url: `${URL_OF_NODE}#bytes=${'9'.repeat(400)}` })).toBe(
      8 * MiB,
    );
  });

  it('is what it has to be where nobody tells how much is sent', () => {
    for (const url of [URL_OF_NODE, `${URL_OF_NODE}#bytes=`, `${URL_OF_NODE}?#bytes=12x`]) {
      expect(garbageFor({ method: 'PUT', url })).toBe(8 * MiB);
    }
  });

  it('is none where nothing is sent', () => {
    expect(garbageFor({ method: 'GET', url: URL_OF_NODE })).toBe(0);
    expect(garbageFor({ method: 'HEAD', url: withBodyBytes(URL_OF_NODE, MiB) })).toBe(0);
  });
});

describe('an address that tells how much is sent', () => {
  it('asks the host for the same', () => {
    const { url } = put(12);
    const { hash, ...told } = parts(url);
    const { hash: none, ...plain } = parts(URL_OF_NODE);
    expect([hash, none]).toEqual(['#bytes=12', '']);
    expect(told).toEqual(plain);
  });
});

function parts(url: string) {
  const { origin, pathname, search, hash } = new URL(url);
  return { origin, pathname, search, hash };
}
