import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LinkError } from '../../../../src/devnet/faults/link-error.ts';
import { FAULT_TYPES, type FaultAction, parseRules } from '../../../../src/devnet/faults/rules.ts';
import type { NodeFleet } from '../../../../src/devnet/fleet.ts';
import { parseBlobId } from '../../../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../../../src/protocol/blob-summary.ts';
import { verifySignature } from '../../../../src/protocol/certificate.ts';
import {
  confirmationMessage,
  readConfirmation,
  readHeader,
} from '../../../../src/protocol/messages.ts';
import { decodeMetadata } from '../../../../src/protocol/metadata.ts';
import { decodeSliver } from '../../../../src/protocol/sliver.ts';
import {
  EVENT,
  encodedBlob,
  expectFailure,
  NodeCalls,
  register,
  sliverOf,
} from '../../../support/devnet/node-calls.ts';
import { settled, startFleet } from '../../../support/devnet/test-fleet.ts';

let fleet: NodeFleet;
let node: NodeCalls;
let blob: EncodedBlob;
let other: EncodedBlob;
let pair: number;

beforeAll(async () => {
  blob = await encodedBlob(3_000);
  other = await encodedBlob(2_500, 2);
});
beforeEach(async () => {
  ({ fleet } = await startFleet());
  node = new NodeCalls(fleet);
  pair = node.pairs(blob)[0] as number;
  for (const each of [blob, other]) {
    await register(fleet, each);
    await node.upload(each);
  }
});

const set = (action: FaultAction, match = {}) => fleet.setFaults(0, [{ match, action }]);
const sliver = () => node.getSliver(blob, 'primary', pair);
const metadata = () => node.get(`/v1/blobs/${blob.blobId}/metadata`);
const bodyOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const good = () => sliverOf(blob, 'primary', pair);
const lastFault = () => fleet.log.since().at(-1)?.fault;
const expectLink = async (work: Promise<unknown>, end: string) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LinkError);
  expect((error as LinkError).end).toBe(end);
};
/** Counts of differing bytes. */
const differences = (a: Uint8Array, b: Uint8Array) => a.filter((byte, i) => byte !== b[i]).length;

describe('faults of the connection', () => {
  it('refuse', async () => {
    await set({ type: 'refuse' });
    await expectLink(sliver(), 'refused');
    await fleet.setFaults(0, []);
    expect((await sliver()).status).toBe(200);
  });

  it('blackhole: no answer, until the node is gone', async () => {
    await set({ type: 'blackhole' });
    const waiting = expectLink(sliver(), 'reset');
    const first = await Promise.race([
      waiting,
      new Promise((resolve) => setTimeout(resolve, 30, 'silence')),
    ]);
    expect(first).toBe('silence');
    await fleet.slot(0).restart();
    await waiting;
  });

  it('drop: a part of the body, then the end', async () => {
    for (const [how, end] of [
      ['fin', 'closed'],
      ['rst', 'reset'],
    ] as const) {
      await set({ type: 'drop', fraction: 0.25, how });
      const response = await sliver();
      expect(response.headers.get('content-length')).toBe(String(good().length));
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const { value } = await reader.read();
      expect(value).toEqual(good().subarray(0, Math.floor(good().length / 4)));
      await expectLink(reader.read(), end);
    }
  });

  it('dropUpload', async () => {
    const fresh = await encodedBlob(1_000, 3);
    await register(fleet, fresh);
    await set({ type: 'dropUpload' }, { method: 'PUT' });
    await expectLink(node.putMetadata(fresh), 'reset');
    await fleet.setFaults(0, []);
    expect((await node.putMetadata(fresh)).status).toBe(201);
  });

  it('restart: gone, then back with what it had', async () => {
    await set({ type: 'restart', ms: 20 }, { times: 1 });
    await expectLink(sliver(), 'reset');
    await expectLink(sliver(), 'refused');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await sliver()).status).toBe(200);
  });
});

describe('a node that dies', () => {
  it('gives no answer to what it was asked before', async () => {
    await set({ type: 'delay', ms: 40 });
    const waiting = expectLink(sliver(), 'reset');
    await new Promise((resolve) => setTimeout(resolve, 10));
    await fleet.slot(0).kill();
    await waiting;
    await expectLink(sliver(), 'refused');
  });
});

describe('faults of time', () => {
  const timed = async (action: FaultAction) => {
    await set(action);
    const begin = performance.now();
    expect(await bodyOf(await sliver())).toEqual(good());
    return performance.now() - begin;
  };

  it('delay before, at the first byte, and by size', async () => {
    expect(await timed({ type: 'delay', ms: 40 })).toBeGreaterThan(35);
    expect(await timed({ type: 'delay', firstByte: [40, 50] })).toBeGreaterThan(35);
    expect(await timed({ type: 'delay', perKiB: 80 })).toBeGreaterThan(
      (good().length / 1_024) * 70,
    );
  });

  it('throttle down and up', async () => {
    expect(await timed({ type: 'throttle', down: 10_000 })).toBeGreaterThan(
      good().length / 10 - 10,
    );
    await set({ type: 'throttle', up: 20_000 });
    const fresh = await encodedBlob(1_000, 3);
    await register(fleet, fresh);
    const begin = performance.now();
    expect((await node.putMetadata(fresh)).status).toBe(201);
    expect(performance.now() - begin).toBeGreaterThan(fresh.metadata.length / 20 - 10);
  });

  it('lag: facts come later', async () => {
    await set({ type: 'lag', ms: 50 });
    const fresh = await encodedBlob(1_000, 3);
    const size = fresh.unencodedBytes;
    const { blobId } = fresh;
    fleet.tell({
      ...{ type: 'registered', blobId, objectId: '0x1', deletable: false },
      ...{ endEpoch: 9, size, event: EVENT },
    });
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect((await node.putMetadata(fresh)).status).toBe(400);
    expect((await new NodeCalls(fleet, 1).putMetadata(fresh)).status).toBe(201);
    await settled(fleet);
    expect((await node.putMetadata(fresh)).status).toBe(201);
  });

  it('hold: until it is released by name', async () => {
    for (const what of ['request', 'answer'] as const) {
      await set({ type: 'hold', name: 'gate', what }, { method: 'PUT' });
      const fresh = await encodedBlob(1_000, what === 'request' ? 3 : 4);
      await register(fleet, fresh);
      let settledAlready = false;
      const waiting = node.putMetadata(fresh).finally(() => {
        settledAlready = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(settledAlready).toBe(false);
      const { store } = fleet.slot(0).node?.core ?? {};
      expect(store?.hasMetadata(fresh.blobId)).toBe(what === 'answer');
      expect(fleet.slot(0).engine.held).toEqual(['gate']);
      expect(fleet.slot(0).engine.release('other')).toBe(0);
      expect(fleet.slot(0).engine.release('gate')).toBe(1);
      expect((await waiting).status).toBe(201);
    }
  });
});

describe('faults of content', () => {
  it('truncate: valid HTTP, less in it', async () => {
    await set({ type: 'truncate', fraction: 0.5 });
    const response = await sliver();
    const body = await bodyOf(response);
    expect(body).toEqual(good().slice(0, good().length >> 1));
    expect(response.headers.get('content-length')).toBe(String(body.length));
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('corrupt: one bit, in the place that was named', async () => {
    for (const where of ['data', 'index', 'symbolSize', 'random'] as const) {
      await set({ type: 'corrupt', where });
      const body = await bodyOf(await sliver());
      expect(body).toHaveLength(good().length);
      expect(differences(body, good())).toBe(1);
      if (where === 'random') continue;
      const is = decodeSliver(body);
      const was = decodeSliver(good());
      expect(is.sliverIndex !== was.sliverIndex).toBe(where === 'index');
      expect(is.symbolBytes !== was.symbolBytes).toBe(where === 'symbolSize');
      expect(differences(is.data, was.data)).toBe(where === 'data' ? 1 : 0);
    }
  });

  it('otherSliver: a good one of the same blob', async () => {
    await set({ type: 'otherSliver' });
    const body = await bodyOf(await sliver());
    const { sliverIndex } = decodeSliver(body);
    expect(sliverIndex).not.toBe(pair);
    expect(body).toEqual(sliverOf(blob, 'primary', sliverIndex));
  });

  it('otherBlob: metadata and slivers', async () => {
    await set({ type: 'otherBlob' });
    const body = await bodyOf(await metadata());
    expect(body.slice(0, 32)).toEqual(parseBlobId(other.blobId));
    const { sliverIndex, data } = decodeSliver(await bodyOf(await sliver()));
    expect(data).toEqual(decodeSliver(sliverOf(other, 'primary', sliverIndex)).data);
  });

  it('wrongLength: metadata that is not true', async () => {
    const honest = await bodyOf(await metadata());
    for (const what of ['length', 'hash', 'id'] as const) {
      await set({ type: 'wrongLength', what });
      const body = await bodyOf(await metadata());
      expect(body).toHaveLength(honest.length);
      expect(differences(body.slice(0, 32), honest.slice(0, 32)) > 0).toBe(what === 'id');
      const is = decodeMetadata(body.slice(32));
      expect(is.unencodedBytes !== 3_000).toBe(what === 'length');
      const hashes = decodeMetadata(honest.slice(32)).pairHashes;
      expect(differences(is.pairHashes, hashes) > 0).toBe(what === 'hash');
      expect(await bodyOf(await sliver())).toEqual(good());
    }
  });

  it('status: with and without envelope, retry time, cross-origin headers', async () => {
    await set({ type: 'status', status: 400, reason: 'NOT_REGISTERED' });
    await expectFailure(await sliver(), 400, 'FAILED_PRECONDITION', 'NOT_REGISTERED');
    await set({ type: 'status', status: 404, reason: 'SLIVER_NOT_FOUND' });
    await expectFailure(await sliver(), 404, 'NOT_FOUND', 'SLIVER_NOT_FOUND');
    for (const status of [404, 429, 451, 500, 503]) {
      await set({ type: 'status', status, retryAfter: 3, noCors: status === 429 });
      const response = await sliver();
      expect(response.status).toBe(status);
      expect(response.headers.get('retry-after')).toBe('3');
      expect(response.headers.has('access-control-allow-origin')).toBe(status !== 429);
      expect(await response.text()).not.toContain('{');
    }
    await set({ type: 'status', status: 502 });
    expect(await (await sliver()).text()).toContain('<html>');
  });

  it('html: 200 with a page', async () => {
    await set({ type: 'html' });
    const response = await sliver();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await response.text()).toContain('<!doctype html>');
  });
});

describe('lies', () => {
  const confirmed = async () => {
    const response = await node.confirm(blob);
    expect(response.status).toBe(200);
    const { success } = (await response.json()) as {
      success: { data: { signed: { serializedMessage: string; signature: string } } };
    };
    const { serializedMessage, signature } = success.data.signed;
    const from = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
    return { message: from(serializedMessage), signature: from(signature) };
  };
  const key = () => fleet.slot(0).identity.publicKey;
  const expected = () => confirmationMessage({ epoch: 1, blobId: parseBlobId(blob.blobId) });

  it('badSignature: by another key', async () => {
    await set({ type: 'badSignature' });
    const { message, signature } = await confirmed();
    expect(message).toEqual(expected());
    expect(signature).toHaveLength(96);
    expect(verifySignature(key(), message, signature)).toBe(false);
  });

  it('garbageSignature: no point at all, too short, or infinity', async () => {
    for (const what of ['random', 'length', 'infinity'] as const) {
      await set({ type: 'garbageSignature', what });
      const { message, signature } = await confirmed();
      expect(message).toEqual(expected());
      expect(signature).toHaveLength(what === 'length' ? 95 : 96);
      expect(signature[0] === 0xc0 && signature.slice(1).every((byte) => byte === 0)).toBe(
        what === 'infinity',
      );
      expect(verifySignature(key(), message, signature)).toBe(false);
    }
  });

  it('wrongMessage: well signed, but says something else', async () => {
    for (const what of ['epoch', 'blob', 'persistence', 'intent'] as const) {
      await set({ type: 'wrongMessage', what });
      const { message, signature } = await confirmed();
      expect(verifySignature(key(), message, signature)).toBe(true);
      const read = readConfirmation(message);
      expect(readHeader(message)?.intent !== 1).toBe(what === 'intent');
      if (what === 'intent') continue;
      expect(read?.epoch !== 1).toBe(what === 'epoch');
      expect(read?.objectId !== undefined).toBe(what === 'persistence');
      const blobId = parseBlobId(blob.blobId);
      expect(differences(read?.blobId ?? blobId, blobId) > 0).toBe(what === 'blob');
    }
  });

  it('lieStored and lieConfirm: nothing is there', async () => {
    const fresh = await encodedBlob(1_000, 3);
    await register(fleet, fresh);
    await set({ type: 'lieStored' }, { method: 'PUT' });
    expect((await node.putMetadata(fresh)).status).toBe(201);
    expect(fleet.slot(0).node?.core.store.hasMetadata(fresh.blobId)).toBe(false);
    await expectFailure(await node.confirm(fresh), 400, 'FAILED_PRECONDITION', 'MISSING_SLIVERS');
    await set({ type: 'lieConfirm' });
    expect((await node.confirm(fresh)).status).toBe(200);
  });

  it('lieStatus: about the blob, metadata and slivers', async () => {
    const data = async (path: string) =>
      ((await (await node.get(path)).json()) as { success: { data: unknown } }).success.data;
    const base = `/v1/blobs/${blob.blobId}`;
    await set({ type: 'lieStatus', answer: 'nonexistent' });
    for (const path of ['/status', '/metadata/status', `/slivers/${pair}/primary/status`]) {
      expect(await data(base + path)).toBe('nonexistent');
    }
    const unknown = `/v1/blobs/${(await encodedBlob(9, 9)).blobId}`;
    await set({ type: 'lieStatus', answer: 'permanent' });
    expect(await data(`${unknown}/status`)).toMatchObject({ permanent: { isCertified: true } });
    await set({ type: 'lieStatus', answer: 'stored' });
    expect(await data(`${unknown}/slivers/0/primary/status`)).toBe('stored');
    expect(await data(`${unknown}/metadata/status`)).toBe('stored');
  });

  it('stale: shards and epoch of before', async () => {
    const { registry } = fleet.slot(0).node?.core ?? {};
    const before = registry?.current;
    if (before === undefined) throw new Error('the node is down');
    const [first, second, ...rest] = before.members;
    if (first === undefined || second === undefined) throw new Error('no members');
    const swapped = [
      { ...first, shards: second.shards },
      { ...second, shards: first.shards },
    ];
    const current = { epoch: 2, members: [...swapped, ...rest] };
    fleet.tell({ type: 'epoch', state: 'sync', current, previous: before });
    await settled(fleet);
    const gained = node.pairs(blob)[0] as number;
    const put = () => node.putSliver(blob, 'primary', gained);
    await set({ type: 'stale' });
    await expectFailure(await put(), 400, 'FAILED_PRECONDITION', 'SHARD_NOT_ASSIGNED');
    expect(readConfirmation((await confirmed()).message)?.epoch).toBe(1);
    await fleet.setFaults(0, []);
    expect((await put()).status).toBe(201);
    await expectFailure(await node.confirm(blob), 400, 'FAILED_PRECONDITION', 'MISSING_SLIVERS');
  });

  it('evict: what waits for registration is lost', async () => {
    const fresh = await encodedBlob(1_000, 3);
    await node.putMetadata(fresh, { pending: true });
    await set({ type: 'evict' }, { times: 1, route: 'sliver' });
    const answer = await node.putSliver(fresh, 'primary', node.pairs(fresh)[0] as number, {
      pending: true,
    });
    await expectFailure(answer, 400, 'FAILED_PRECONDITION', 'METADATA_NOT_FOUND');
  });
});

describe('rules', () => {
  const statuses = async (count: number) => {
    const list: number[] = [];
    for (let i = 0; i < count; i++) list.push((await sliver()).status);
    return list;
  };

  it('strike after some, so many times', async () => {
    await set({ type: 'status', status: 500 }, { afterN: 2, times: 2 });
    expect(await statuses(6)).toEqual([200, 200, 500, 500, 200, 200]);
    expect(fleet.slot(0).engine.hits).toEqual([2]);
  });

  it('strike by method, route, axis, pair and blob; the first that fits wins', async () => {
    await fleet.setFaults(0, [
      { match: { method: 'PUT' }, action: { type: 'status', status: 501 } },
      { match: { route: 'metadata' }, action: { type: 'status', status: 502 } },
      { match: { blobId: other.blobId }, action: { type: 'status', status: 503 } },
      { match: { axis: 'secondary' }, action: { type: 'status', status: 504 } },
      { match: { pairs: [pair] }, action: { type: 'status', status: 505 } },
      { action: { type: 'status', status: 506 } },
    ]);
    expect((await node.putMetadata(blob)).status).toBe(501);
    expect((await metadata()).status).toBe(502);
    expect((await node.getSliver(other, 'primary', pair)).status).toBe(503);
    expect((await node.getSliver(blob, 'secondary', pair)).status).toBe(504);
    expect((await sliver()).status).toBe(505);
    expect((await node.get('/v1/health')).status).toBe(506);
    expect((await node.get('/nowhere')).status).toBe(506);
    expect((await node.send('OPTIONS', '/v1/health')).status).toBe(200);
  });

  it('strike by chance, the same under the same seed', async () => {
    const run = async (seed: string) => {
      ({ fleet } = await startFleet({ seed }));
      node = new NodeCalls(fleet);
      await register(fleet, blob);
      await node.upload(blob);
      await set({ type: 'status', status: 500 }, { probability: 0.4 });
      return statuses(40);
    };
    const [first, again, another] = [await run('a'), await run('a'), await run('b')];
    expect(again).toEqual(first);
    expect(another).not.toEqual(first);
    const struck = first.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(6);
    expect(struck).toBeLessThan(30);
  });

  it('are noted in the log', async () => {
    await set({ type: 'html' });
    await sliver();
    expect(lastFault()).toBe('html');
    await fleet.setFaults(0, []);
    await sliver();
    expect(lastFault()).toBeNull();
  });

  it('are read strictly from JSON', () => {
    const all = FAULT_TYPES.map((type) => {
      const needs: Record<string, object> = {
        status: { status: 500 },
        lieStatus: { answer: 'stored' },
        lag: { ms: 5 },
        hold: { name: 'x' },
      };
      return { match: { method: 'GET', pairs: [1] }, action: { type, ...needs[type] } };
    });
    expect(parseRules(JSON.parse(JSON.stringify(all)))).toHaveLength(FAULT_TYPES.length);
    const wrong: [unknown, RegExp][] = [
      [{}, /a list/],
      [[1], /rule 0: an object/],
      [[{ action: { type: 'explode' } }], /no fault of type "explode"/],
      [[{ action: { type: 'status' } }], /status is missing/],
      [[{ action: { type: 'status', status: 99 } }], /status cannot be 99/],
      [[{ action: { type: 'delay', seconds: 1 } }], /unknown setting seconds/],
      [[{ action: { type: 'html' }, match: { probability: 2 } }], /probability cannot be 2/],
      [[{ action: { type: 'html' }, match: { route: 'x' } }], /route cannot be "x"/],
      [[{ action: { type: 'html' }, when: 1 }], /unknown part when/],
      [[{ action: { type: 'constructor' } }], /no fault of type/],
    ];
    for (const [rules, message] of wrong) expect(() => parseRules(rules)).toThrow(message);
  });
});
