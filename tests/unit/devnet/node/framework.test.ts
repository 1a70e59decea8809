import { beforeAll, describe, expect, it } from 'vitest';
import type { EncodedBlob } from '../../../../src/protocol/blob-summary.ts';
import {
  encodedBlob,
  expectPlain,
  NodeCalls,
  register,
} from '../../../support/devnet/node-calls.ts';
import { startFleet } from '../../../support/devnet/test-fleet.ts';

let node: NodeCalls;
let blob: EncodedBlob;
let base: string;
beforeAll(async () => {
  const { fleet } = await startFleet();
  node = new NodeCalls(fleet);
  blob = await encodedBlob(500);
  base = `/v1/blobs/${blob.blobId}`;
  await register(fleet, blob);
  await node.upload(blob);
});

const VARY = 'origin, access-control-request-method, access-control-request-headers';

describe('before any handler', () => {
  it('knows no other path: 404 without a word', async () => {
    const paths = [
      '/',
      '/v1',
      '/v2/health',
      `${base}/sliver/0/primary`,
      `${base}/metadata/`,
      '/v1/blobs',
    ];
    for (const path of [...paths, `${base}/recoverySymbols/1-2`]) {
      expect(await expectPlain(await node.get(path), 404), path).toBe('');
    }
  });

  it('says that it does not serve what nodes alone would ask: 501', async () => {
    const answer = await node.send('POST', '/v1/migrate/sync_shard', new Uint8Array(9));
    expect(await expectPlain(answer, 501)).toContain('recovery symbols');
    await expectPlain(await node.get('/v1/migrate/sync_shard'), 405);
  });

  it('knows the methods of each path: 405 with the list', async () => {
    const cases = [
      ['POST', `${base}/metadata`, 'GET,HEAD,PUT'],
      ['DELETE', `${base}/slivers/0/primary`, 'GET,HEAD,PUT'],
      ['PUT', `${base}/status`, 'GET,HEAD'],
      ['GET', `${base}/inconsistencyProof/primary`, 'POST'],
      ['PATCH', '/v1/health', 'GET,HEAD'],
    ] as const;
    for (const [method, path, allow] of cases) {
      const answer = await node.send(method, path);
      expect(answer.headers.get('allow'), path).toBe(allow);
      await expectPlain(answer, 405);
    }
  });

  it('reads the values of a path strictly: 400', async () => {
    const id = blob.blobId;
    const bad = [
      ...[
        `${id}=`,
        id.slice(1),
        `${id}A`,
        `${id.slice(0, 42)}B`,
        `${id.slice(0, 42)}+`,
        '%00',
        '%ff',
        '..%2f..',
      ],
      ...[
        '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
        `${id}%00`,
        `${id}%2f..`,
        ' ',
        'con',
        '0x00',
        '%5c..%5c',
      ],
    ];
    for (const each of bad) {
      const answer = await node.get(`/v1/blobs/${each}/metadata`);
      expect(await expectPlain(answer, 400), each).toMatch(/^Invalid URL/);
    }
    const paths = [
      'x/primary',
      '-1/primary',
      '65536/primary',
      '1.0/primary',
      '0/tertiary',
      '0/Primary',
      '%30x/primary',
    ];
    for (const path of paths) await expectPlain(await node.get(`${base}/slivers/${path}`), 400);
    for (const object of ['0x', 'abc', `0x${'0'.repeat(65)}`, '0xzz']) {
      await expectPlain(await node.get(`${base}/confirmation/deletable/${object}`), 400);
    }
  });

  it('cannot be led out of its tree by a path', async () => {
    const paths = [
      '/v1/blobs/../../../etc/passwd',
      '/v1/blobs/%2e%2e/%2e%2e/chain.jsonl',
      '/v1/blobs/./..',
    ];
    for (const path of paths) expect((await node.get(path)).status, path).toBe(404);
  });

  it('refuses query parameters that it does not know, malformed ones and repeated ones', async () => {
    const paths = [
      `${base}/metadata?x=1`,
      `${base}/status?cb=12`,
      `${base}/confirmation/permanent?wait=1`,
      '/v1/health?detail=true',
      '/v1/health?detailed=1',
      '/v1/health?detailed=true&detailed=true',
    ];
    for (const path of paths) await expectPlain(await node.get(path), 400);
    const put = await node.send('PUT', `${base}/metadata?pending=yes`, blob.metadata);
    await expectPlain(put, 400);
  });
});

describe('cross-origin rules', () => {
  it('answer OPTIONS on any path', async () => {
    for (const path of [`${base}/metadata`, '/nowhere']) {
      const answer = await node.send('OPTIONS', path);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe('');
      expect(Object.fromEntries(answer.headers)).toEqual({
        'access-control-allow-headers': '*',
        'access-control-allow-methods': '*',
        'access-control-allow-origin': '*',
        'content-length': '0',
        vary: VARY,
      });
    }
  });

  it('open every other answer, errors too, and expose nothing', async () => {
    for (const path of [
      `${base}/metadata`,
      `${base}/slivers/99/primary`,
      '/nowhere',
      '/v1/blobs/x/status',
    ]) {
      const { headers } = await node.get(path);
      expect(headers.get('access-control-allow-origin'), path).toBe('*');
      expect(headers.get('vary')).toBe(VARY);
      expect(headers.get('access-control-expose-headers')).toBeNull();
      expect(headers.get('access-control-max-age')).toBeNull();
    }
  });

  it('can be changed', async () => {
    const maxAge = new NodeCalls((await startFleet({ cors: { maxAgeSeconds: 60 } })).fleet);
    const preflight = await maxAge.send('OPTIONS', '/v1/health');
    expect(preflight.headers.get('access-control-max-age')).toBe('60');
    const off = new NodeCalls((await startFleet({ cors: { off: true } })).fleet);
    expect((await off.get('/v1/health')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await off.send('OPTIONS', '/v1/health')).headers.get('vary')).toBeNull();
    const onErrors = new NodeCalls((await startFleet({ cors: { offOnErrors: true } })).fleet);
    expect((await onErrors.get('/v1/health')).headers.get('access-control-allow-origin')).toBe('*');
    expect((await onErrors.get('/x')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('HEAD', () => {
  it('is GET without a body', async () => {
    const answer = await node.send('HEAD', `${base}/metadata`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe(String(blob.metadata.length + 32));
    expect(await answer.text()).toBe('');
  });
});

describe('health', () => {
  it('tells about the node', async () => {
    const answer = await node.get('/v1/health');
    const { success } = (await answer.json()) as {
      success: { code: number; data: Record<string, unknown> };
    };
    expect(success.code).toBe(200);
    expect(success.data).toMatchObject({
      epoch: 1,
      nodeStatus: 'Active',
      shardSummary: {
        owned: 3,
        ownedShardStatus: { unknown: 0, ready: 3, inTransfer: 0, inRecovery: 0 },
        readOnly: 0,
      },
    });
    expect(Buffer.from(success.data['publicKey'] as string, 'base64')).toHaveLength(48);
    expect(success.data).not.toHaveProperty('shardDetail');
  });

  it('lists shards if asked', async () => {
    const answer = await node.get('/v1/health?detailed=true');
    const { success } = (await answer.json()) as { success: { data: { shardDetail: unknown } } };
    const owned = [0, 1, 2].map((shard) => ({ shard, status: 'ready' }));
    expect(success.data.shardDetail).toEqual({ owned, other: [] });
  });
});
