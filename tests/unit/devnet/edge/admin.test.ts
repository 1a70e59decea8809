import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminServer } from '../../../../src/devnet/control/admin.ts';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import {
  bytesOf,
  memoryNetwork,
  officialClients,
  quiet,
} from '../../../support/devnet/local-network.ts';
import { encodedBlob } from '../../../support/devnet/node-calls.ts';

const TOKEN = 'secret';

describe('the control of a network', () => {
  let network: LocalNetwork;
  let admin: AdminServer;
  beforeAll(async () => {
    network = await memoryNetwork();
    admin = new AdminServer(network, { token: TOKEN, description: { network: 'localnet' } });
  }, 60_000);
  afterAll(() => network.close());

  const raw = (method: string, path: string, body?: unknown, token = TOKEN) =>
    admin.handle(
      new Request(`http://admin.test${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await raw(method, path, body);
    const json = await response.json();
    if (!response.ok) throw new Error(`${response.status}: ${json.error}`);
    return json;
  };

  it('wants the token for everything but the page', async () => {
    for (const token of ['', 'wrong', `${TOKEN}x`]) {
      expect((await raw('GET', '/admin/state', undefined, token)).status).toBe(401);
      expect((await raw('POST', '/admin/epoch', undefined, token)).status).toBe(401);
    }
    const page = await admin.handle(new Request('http://admin.test/'));
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain('/admin.js');
    expect(html).not.toContain(TOKEN);
    expect(html).not.toMatch(/style=|onclick=|<script>/);
    for (const path of ['/admin.js', '/admin.css']) {
      expect((await admin.handle(new Request(`http://admin.test${path}`))).status).toBe(200);
    }
  });

  it('tells the committee as clients want it', async () => {
    const committee = await call('GET', '/admin/committee');
    expect(committee).toMatchObject({ epoch: 1, nShards: 13, epochState: 'done', previous: null });
    const told = committee.members.map(({ shards, ...rest }: { shards: number[] }) => rest);
    const nodes = network.nodes.map(({ identity, networkAddress }) => {
      const { nodeId, name, publicKey } = identity;
      return { nodeId, name, networkAddress, publicKey: Buffer.from(publicKey).toString('hex') };
    });
    expect(told).toEqual(nodes);
    const shards = committee.members.flatMap((member: { shards: number[] }) => member.shards);
    expect(shards.sort((a: number, b: number) => a - b)).toEqual([...Array(13).keys()]);
  });

  it('changes how all nodes behave', async () => {
    const before = await call('GET', '/admin/settings');
    expect(before).toMatchObject({ verify: 'full', pending: true, corsOff: false });
    const { blobId, metadata } = await encodedBlob(100);
    const node = (path: string, init: RequestInit = {}) =>
      network.toNode(new Request(`http://${network.nodes[0]?.networkAddress}${path}`, init));
    const health = () => node('/v1/health');
    const put = () => {
      const body = new Uint8Array(metadata);
      return node(`/v1/blobs/${blobId}/metadata?pending=true`, { method: 'PUT', body });
    };
    const preflight = () => node('/', { method: 'OPTIONS' });
    const changed = { pending: false, corsMaxAge: 60, blocked: [blobId] };
    expect(await call('PUT', '/admin/settings', changed)).toEqual({ ...before, ...changed });
    expect((await put()).status).toBe(400); // CACHE_SATURATED
    expect((await preflight()).headers.get('access-control-max-age')).toBe('60');
    await call('PUT', '/admin/settings', { corsOff: true });
    expect((await health()).headers.has('access-control-allow-origin')).toBe(false);
    await call('PUT', '/admin/settings', before);
    expect((await put()).status).toBe(202);
    expect((await health()).headers.get('access-control-allow-origin')).toBe('*');
    for (const wrong of [{ pending: 1 }, { chainDelayMs: [5, 1] }, { verify: {} }, { other: 1 }]) {
      expect((await raw('PUT', '/admin/settings', wrong)).status).toBe(400);
    }
    expect(await call('GET', '/admin/settings')).toEqual(before);
  });

  it('tells the nodes what no chain knows, or to take every blob as registered', async () => {
    const { blobId } = await encodedBlob(200);
    const objectId = `0x${'ab'.repeat(32)}`;
    const status = async () => {
      const { networkAddress } = network.nodes[1] ?? {};
      const url = `http://${networkAddress}/v1/blobs/${blobId}/status`;
      return (await (await network.toNode(new Request(url))).json()).success.data;
    };
    const told = async (fact: object) => {
      await call('POST', '/admin/chain', fact);
      return expect.poll(status, { interval: 5 });
    };
    const registered = {
      ...{ type: 'registered', blobId, objectId, deletable: false, endEpoch: 3, size: 200 },
    };
    await (await told(registered)).toMatchObject({ permanent: { isCertified: false } });
    const certified = {
      ...{ type: 'certified', blobId, objectId, deletable: false, endEpoch: 3, epoch: 1 },
    };
    await (await told(certified)).toMatchObject({ permanent: { isCertified: true } });
    await (await told({ type: 'deleted', blobId, objectId })).toBe('nonexistent');
    await (await told({ type: 'invalid', blobId })).toHaveProperty('invalid.event.eventSeq', '0');
    await quiet(network);
    for (const wrong of [
      ...[{}, { type: 'epoch' }, { type: 'invalid', blobId: '?' }, { type: 'deleted', blobId }],
      ...[{ ...registered, size: -1 }, { ...registered, more: 1 }, 5, null],
    ]) {
      expect((await raw('POST', '/admin/chain', wrong)).status).toBe(400);
    }

    const { blobId: other, metadata } = await encodedBlob(201);
    const put = () =>
      network.toNode(
        new Request(`http://${network.nodes[1]?.networkAddress}/v1/blobs/${other}/metadata`, {
          ...{ method: 'PUT', body: new Uint8Array(metadata) },
        }),
      );
    expect((await put()).status).toBe(400); // NOT_REGISTERED
    await call('PUT', '/admin/settings', { open: true });
    expect((await put()).status).toBe(201);
    await call('PUT', '/admin/settings', { open: false });
  });

  it('has a sentence for each mistake', async () => {
    const wrong = async (method: string, path: string, body?: unknown) => {
      const response = await raw(method, path, body);
      return [response.status, (await response.json()).error];
    };
    expect(await wrong('GET', '/admin/nothing')).toEqual([404, expect.stringContaining('path')]);
    expect(await wrong('PUT', '/admin/state')).toEqual([405, expect.stringContaining('GET')]);
    expect(await wrong('POST', '/admin/nodes/9/kill')).toEqual([
      404,
      expect.stringContaining('0 to 4'),
    ]);
    const rules = [{ action: { type: 'explode' } }];
    expect(await wrong('PUT', '/admin/nodes/0/fault', rules)).toEqual([
      400,
      expect.stringContaining('explode'),
    ]);
    expect(await wrong('PUT', '/admin/services/relay/fault', rules)).toEqual([
      400,
      expect.stringContaining('wrongCertificate'),
    ]);
    expect(await wrong('POST', '/admin/preset', { name: 'sunshine' })).toEqual([
      400,
      expect.stringContaining('one-third-down'),
    ]);
    expect(await wrong('PUT', '/admin/chain/fault', { finalityDelayMs: 'long' })).toEqual([
      400,
      expect.stringContaining('number'),
    ]);
    expect(await wrong('POST', '/admin/clock', { ms: 1 })).toEqual([
      400,
      expect.stringContaining('advanceMs'),
    ]);
  });

  it('shows nodes, epoch, prices, blobs and faults', async () => {
    const { walrus, signer } = officialClients(network);
    const blob = bytesOf(100);
    const { blobId } = await walrus.writeBlob({ blob, deletable: false, epochs: 3, signer });
    const state = await call('GET', '/admin/state');
    expect(state).toMatchObject({
      epoch: 1,
      epochState: { kind: 'done' },
      shardCount: 13,
      prices: { storage: '100000', write: '20000' },
      preset: null,
    });
    expect(state.nodes[0]).toMatchObject({
      weight: 3,
      alive: true,
      slivers: 6,
      shards: { ready: 3 },
    });
    expect(state.blobs.newest[0]).toMatchObject({
      blobId,
      size: 100,
      certifiedEpoch: 1,
      endEpoch: 4,
    });
    const { entries, next } = await call('GET', '/admin/log?since=0');
    expect(entries.length).toBe(next);
    expect(next).toBeGreaterThanOrEqual(41);
    expect((await call('GET', '/admin/log?of=rpc')).next).toBe(0); // the test's clients have a transport of their own
  });

  it('kills and starts any part', async () => {
    await call('POST', '/admin/nodes/1/kill');
    const health = () => network.fleet.handle(1, new Request('http://node.test/v1/health'));
    await expect(health()).rejects.toThrow('connection refused');
    await call('POST', '/admin/nodes/1/start');
    expect((await health()).status).toBe(200);
    for (const name of ['relay', 'aggregator', 'faucet'] as const) {
      await call('POST', `/admin/services/${name}/kill`);
      const ask = network.services[name].handle(new Request('http://service.test/status'));
      await expect(ask).rejects.toThrow('connection refused');
      await call('POST', `/admin/services/${name}/restart`, { ms: 1 });
      expect(network.services[name].alive).toBe(true);
    }
  });

  it('holds a request or an answer and lets it go', async () => {
    const hold = (what: string) => [{ action: { type: 'hold', name: 'here', what } }];
    for (const what of ['request', 'answer']) {
      await call('PUT', '/admin/nodes/2/fault', hold(what));
      await call('PUT', '/admin/services/relay/fault', hold(what));
      let done = 0;
      const asked = [
        network.fleet.handle(2, new Request('http://node.test/v1/health')),
        network.services.relay.handle(new Request('http://relay.test/v1/tip-config')),
      ];
      for (const each of asked) void each.then(() => done++);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect([done, await call('GET', '/admin/held')]).toEqual([
        0,
        [
          { name: 'here', at: 'node-2' },
          { name: 'here', at: 'relay' },
        ],
      ]);
      expect(await call('POST', '/admin/release', { name: 'here' })).toEqual({ released: 2 });
      for (const each of asked) expect((await each).status).toBe(200);
    }
    await call('PUT', '/admin/nodes/2/fault', []);
    await call('PUT', '/admin/services/relay/fault', []);
  });

  it('starts and ends bad days', async () => {
    await call('POST', '/admin/preset', { name: 'storm' });
    const state = await call('GET', '/admin/state');
    expect(state.preset).toBe('storm');
    expect(state.nodes.every((node: { rules: unknown[] }) => node.rules.length > 0)).toBe(true);
    expect(state.chainFaults.finalityDelayMs).toBe(1_000);
    await call('DELETE', '/admin/preset');
    const after = await call('GET', '/admin/state');
    expect(after.nodes.flatMap((node: { rules: unknown[] }) => node.rules)).toEqual([]);
    expect(after.chainFaults.finalityDelayMs).toBe(0);
  });

  it('sets prices, tips, the clock and lies of the full node, and ends an epoch', async () => {
    await call('POST', '/admin/price', { storage: 11, write: '12' });
    const before = await call('GET', '/admin/state');
    expect(before.prices).toEqual({ storage: '11', write: '12' });
    await call('PUT', '/admin/relay', { tip: 'linear:101,42' });
    const tip = await network.services.relay.handle(new Request('http://relay.test/v1/tip-config'));
    expect((await tip.json()).send_tip.kind.linear.base).toBe(101);
    const { nowMs } = await call('POST', '/admin/clock', { advanceMs: 3_600_000 });
    expect(nowMs - before.nowMs).toBeGreaterThanOrEqual(3_600_000);
    await call('POST', '/admin/chain/lie', { kind: 'prices', storage: 1, write: 1 });
    const { walrus } = officialClients(network);
    expect((await walrus.storageCost(1, 1)).storageCost).toBe(1n);
    await call('POST', '/admin/chain/lie', { kind: 'nothing' });
    expect(await call('POST', '/admin/epoch')).toEqual({ epoch: 2 });
    await quiet(network);
    expect((await call('GET', '/admin/state')).epochState.kind).toBe('done');
  });
});
