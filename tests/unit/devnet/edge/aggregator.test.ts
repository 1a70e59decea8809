import { WalrusFile } from '@mysten/walrus';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rangeOf } from '../../../../src/devnet/aggregator/range.ts';
import type { FaultRuleInput } from '../../../../src/devnet/faults/rules.ts';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import type { ServiceRuleInput } from '../../../../src/devnet/service/service-faults.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';

describe('a range', () => {
  it('has both ends where the real aggregator wants them', () => {
    expect(rangeOf(null, 10, true)).toBeUndefined();
    expect(rangeOf('bytes=2-4', 10, true)).toEqual({ begin: 2, end: 5 });
    for (const header of ['bytes=2-', 'bytes=-2', 'bytes=4-2', 'bytes=0-10', 'bytes=10-10']) {
      expect(() => rangeOf(header, 10, true)).toThrow('cannot be served');
    }
    expect(() => rangeOf('bytes=0-1,3-4', 10, true)).toThrow('cannot be served');
  });

  it('is as HTTP has it otherwise', () => {
    expect(rangeOf('bytes=2-', 10, false)).toEqual({ begin: 2, end: 10 });
    expect(rangeOf('bytes=-3', 10, false)).toEqual({ begin: 7, end: 10 });
    expect(rangeOf('bytes=8-99', 10, false)).toEqual({ begin: 8, end: 10 });
    for (const header of ['bytes=10-', 'bytes=-0']) {
      expect(() => rangeOf(header, 10, false)).toThrow('cannot be served');
    }
  });
});

const MAX_BYTES = 100_000;

describe('an aggregator', () => {
  let network: LocalNetwork;
  const blob = bytesOf(4_321);
  const files = [
    { identifier: 'a/b c.txt', contents: bytesOf(300, 3), tags: { 'content-type': 'text/plain' } },
    { identifier: 'empty', contents: new Uint8Array(), tags: {} },
    { identifier: 'ü', contents: bytesOf(90, 4), tags: {} },
  ];
  let [blobId, objectId, quiltId] = ['', '', ''];
  let patchIds: string[] = [];

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const request = new Request(`http://aggregator.test${path}`, { headers, method });
    return network.services.aggregator.handle(request);
  };
  const bytes = async (response: Response) => new Uint8Array(await response.arrayBuffer());
  const reason = async (response: Response) => {
    const { error } = await response.json();
    expect(error.code).toBe(response.status);
    expect(error.details[0].domain).toBe('daemon.walrus.space');
    return [response.status, error.details[0].reason];
  };

  beforeAll(async () => {
    network = await memoryNetwork({ aggregator: { maxBytes: MAX_BYTES } });
    const { walrus, signer } = officialClients(network);
    const attributes = { 'content-type': 'image/png', other: 'no header' };
    const stored = await walrus.writeBlob({
      ...{ blob, deletable: true, epochs: 3, signer, attributes },
    });
    blobId = stored.blobId;
    objectId = stored.blobObject.id;
    const quilt = files.map((file) => WalrusFile.from(file));
    const written = await walrus.writeFiles({ files: quilt, epochs: 3, deletable: false, signer });
    patchIds = written.map(({ id }) => id);
    quiltId = written[0]?.blobId ?? '';
  }, 60_000);
  afterAll(() => network.close());

  it('serves a blob by its ID, with the headers of the real one', async () => {
    const response = await get(`/v1/blobs/${blobId}`, { accept: 'image/webp' });
    expect(response.status).toBe(200);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=86400, stale-while-revalidate=3600',
      'content-length': '4321',
      'content-type': 'image/webp',
      etag: blobId,
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'access-control-max-age': '86400',
    });
    expect(headers).not.toHaveProperty('access-control-expose-headers');
    expect(Buffer.compare(await bytes(response), blob)).toBe(0);
    const head = await get(`/v1/blobs/${blobId}`, {}, 'HEAD');
    expect([head.headers.get('content-length'), head.body]).toEqual(['4321', null]);
  });

  it('serves it by the object on chain, with its attributes', async () => {
    const response = await get(`/v1/blobs/by-object-id/${objectId}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.has('other')).toBe(false);
    expect(Buffer.compare(await bytes(response), blob)).toBe(0);
    const missing = await get(`/v1/blobs/by-object-id/0x${'12'.repeat(32)}`);
    expect(await reason(missing)).toEqual([404, 'BLOB_NOT_FOUND']);
  });

  it('serves parts', async () => {
    const part = await get(`/v1/blobs/${blobId}`, { range: 'bytes=1000-2999' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1000-2999/4321']);
    expect(Buffer.compare(await bytes(part), blob.subarray(1_000, 3_000))).toBe(0);
    const open = await get(`/v1/blobs/${blobId}`, { range: 'bytes=0-' });
    expect(await reason(open)).toEqual([416, 'INVALID_BYTE_RANGE']);
    const range = await get(`/v1/blobs/${blobId}/byte-range?start=4000&length=321`);
    expect([range.status, range.headers.get('etag')]).toEqual([200, `${blobId}-4000-321`]);
    expect(Buffer.compare(await bytes(range), blob.subarray(4_000))).toBe(0);
    const outside = await get(`/v1/blobs/${blobId}/byte-range?start=4000&length=322`);
    expect(await reason(outside)).toEqual([400, 'INVALID_BYTE_RANGE']);
  });

  it('serves files of a quilt by patch ID and by identifier, and lists them', async () => {
    for (const [i, patchId] of patchIds.entries()) {
      const file = files[i] as (typeof files)[number];
      const byId = await get(`/v1/blobs/by-quilt-patch-id/${patchId}`);
      expect(byId.status).toBe(200);
      expect(byId.headers.get('etag')).toBe(quiltId);
      const identifier = encodeURIComponent(file.identifier);
      expect(byId.headers.get('x-quilt-patch-identifier')).toBe(identifier);
      expect(Buffer.compare(await bytes(byId), file.contents)).toBe(0);
      const byName = await get(`/v1/blobs/by-quilt-id/${quiltId}/${identifier}`);
      expect(Buffer.compare(await bytes(byName), file.contents)).toBe(0);
      if (i === 0) expect(byName.headers.get('content-type')).toBe('text/plain');
    }
    const list = await (await get(`/v1/quilts/${quiltId}/patches`)).json();
    expect(list).toHaveLength(3);
    expect(list).toContainEqual({
      identifier: 'a/b c.txt',
      patch_id: patchIds[0],
      tags: { 'content-type': 'text/plain' },
    });
    const none = await get(`/v1/blobs/by-quilt-id/${quiltId}/none`);
    expect(await reason(none)).toEqual([404, 'QUILT_PATCH_NOT_FOUND']);
    const noQuilt = await get(`/v1/quilts/${blobId}/patches`);
    expect(await reason(noQuilt)).toEqual([404, 'QUILT_PATCH_NOT_FOUND']);
  });

  describe('that streams', () => {
    const path = () => `/v1alpha/blobs/${blobId}/stream`;
    const ofRow = (row: number) =>
      ({ method: 'GET', route: 'sliver', axis: 'primary', pairs: [row] }) as const;
    const everywhere = async (rules: readonly FaultRuleInput[]) => {
      for (const slot of network.nodes) await slot.setFaults(rules);
    };
    afterEach(() => everywhere([]));

    it('gives the first rows while later ones are on their way', async () => {
      await everywhere([
        { match: ofRow(4), action: { type: 'hold', name: 'row', what: 'answer' } },
      ]);
      const response = await get(path());
      expect(response.headers.get('content-length')).toBe('4321');
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const parts: Uint8Array[] = [];
      for (let row = 0; row < 4; row++) parts.push((await reader.read()).value as Uint8Array);
      expect(
        Buffer.compare(Buffer.concat(parts), blob.subarray(0, Buffer.concat(parts).length)),
      ).toBe(0);
      for (const { engine } of network.nodes) engine.release('row');
      parts.push((await reader.read()).value as Uint8Array);
      expect((await reader.read()).done).toBe(true);
      expect(Buffer.compare(Buffer.concat(parts), blob)).toBe(0);
    });

    it('decodes the rest where a row is lost', async () => {
      await everywhere([{ match: ofRow(2), action: { type: 'corrupt', where: 'data' } }]);
      expect(Buffer.compare(await bytes(await get(path())), blob)).toBe(0);
    });

    it('ends too early when there is not enough left, and says so when there was not enough to begin with', async () => {
      const lost = { type: 'status', status: 500 } as const;
      await everywhere([
        { match: { ...ofRow(0), pairs: [2, 5, 6, 7, 8, 9, 10, 11, 12] }, action: lost },
      ]);
      const response = await get(path());
      expect(response.status).toBe(200);
      await expect(response.arrayBuffer()).rejects.toThrow();
      await everywhere([{ match: { method: 'GET', route: 'sliver' }, action: lost }]);
      expect(await reason(await get(path()))).toEqual([503, 'BLOB_UNAVAILABLE']);
    });

    it('asks for nothing more once nobody reads', async () => {
      const response = await get(path());
      await response.body?.cancel();
      const { next } = network.fleet.log;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(network.fleet.log.next).toBe(next);
    });
  });

  it('puts blobs together, and streams', async () => {
    const twice = await get(`/v1alpha/blobs/concat?ids=${blobId},${objectId}`);
    expect(Buffer.compare(await bytes(twice), Buffer.concat([blob, blob]))).toBe(0);
    const stream = await get(`/v1alpha/blobs/${blobId}/stream`);
    expect(stream.headers.get('x-walrus-streaming')).toBe('true');
    expect(Buffer.compare(await bytes(stream), blob)).toBe(0);
  });

  it('puts no more together than it would serve of one blob', async () => {
    const ids = (count: number) => Array.from({ length: count }, () => blobId).join();
    const most = Math.floor(MAX_BYTES / blob.length);
    expect((await bytes(await get(`/v1alpha/blobs/concat?ids=${ids(most)}`))).length).toBe(
      most * blob.length,
    );
    const more = await get(`/v1alpha/blobs/concat?ids=${ids(most + 1)}`);
    expect((await reason(more))[1]).toBe('BLOB_TOO_LARGE');
  });

  it('refuses what the real one refuses', async () => {
    const unknown = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';
    expect(await reason(await get(`/v1/blobs/${unknown}`))).toEqual([404, 'BLOB_NOT_FOUND']);
    expect((await get(`/v1/blobs/${blobId}?cb=1`)).status).toBe(400);
    expect((await get('/v1/blobs/nothing')).status).toBe(400);
    expect((await get('/v1/blobs/..%2f..%2fetc%2fpasswd')).status).toBe(400);
    expect((await get('/v2')).status).toBe(404);
    expect((await get(`/v1/blobs/${blobId}`, {}, 'PUT')).status).toBe(405);
    const both = 'strict_consistency_check=true&skip_consistency_check=true';
    expect((await get(`/v1/blobs/${blobId}?${both}`)).status).toBe(400);
    expect((await get(`/v1/blobs/${blobId}?strict_consistency_check=true`)).status).toBe(200);
  });

  it('reads on with f shards lying and says 503 with more away', async () => {
    const rules = [{ action: { type: 'corrupt', where: 'data' } }] as const;
    await network.nodes[0]?.setFaults(rules);
    const response = await get(`/v1/blobs/${blobId}`);
    expect(Buffer.compare(await bytes(response), blob)).toBe(0);
    await network.nodes[0]?.setFaults([]);
    const dead = network.nodes.slice(0, 4);
    for (const slot of dead) await slot.setFaults([{ action: { type: 'refuse' } }]);
    expect(await reason(await get(`/v1/blobs/${blobId}`))).toEqual([503, 'BLOB_UNAVAILABLE']);
    for (const slot of dead) await slot.setFaults([]);
  });

  it('lies when told to', async () => {
    const lied = async (action: ServiceRuleInput['action']) => {
      await network.services.aggregator.setFaults([{ action }]);
      const response = await get(`/v1/blobs/${blobId}`);
      const body = await bytes(response);
      await network.services.aggregator.setFaults([]);
      return { response, body };
    };
    const flipped = await lied({ type: 'corrupt' });
    expect(flipped.response.headers.get('etag')).toBe(blobId);
    expect(flipped.body.filter((byte, i) => byte !== blob[i])).toHaveLength(1);
    const cut = await lied({ type: 'truncate', fraction: 0.5 });
    expect(cut.response.headers.get('content-length')).toBe('2160');
    expect(Buffer.compare(cut.body, blob.subarray(0, 2_160))).toBe(0);
    await get(`/v1/blobs/by-quilt-patch-id/${patchIds[0]}`);
    const other = await lied({ type: 'otherBlob' });
    expect(other.response.status).toBe(200);
    expect(Buffer.compare(other.body, files[0]?.contents ?? blob)).toBe(0);
    const stale = await lied({ type: 'staleNotFound' });
    expect([stale.response.status, stale.response.headers.get('cache-control')]).toEqual([
      404,
      'public, max-age=60',
    ]);
  });
});
