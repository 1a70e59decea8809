import { describe, expect, it } from 'vitest';
import { parseBlobId } from '../../../../src/protocol/blob-id.ts';
import { verifySignature } from '../../../../src/protocol/certificate.ts';
import {
  confirmationMessage,
  readConfirmation,
  readHeader,
} from '../../../../src/protocol/messages.ts';
import { decodeMetadata } from '../../../../src/protocol/metadata.ts';
import { decodeSliver } from '../../../../src/protocol/sliver.ts';
import { bodyOf, faultCase } from '../../../support/devnet/fault-case.ts';
import {
  encodedBlob,
  expectFailure,
  register,
  sliverOf,
} from '../../../support/devnet/node-calls.ts';
import { settled } from '../../../support/devnet/test-fleet.ts';

const on = faultCase();
const { blob, other, set, sliver, metadata, good } = on;

/** Counts of differing bytes. */
const differences = (a: Uint8Array, b: Uint8Array) => a.filter((byte, i) => byte !== b[i]).length;

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
    expect(sliverIndex).not.toBe(on.pair);
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
    const response = await on.node.confirm(blob);
    expect(response.status).toBe(200);
    const { success } = (await response.json()) as {
      success: { data: { signed: { serializedMessage: string; signature: string } } };
    };
    const { serializedMessage, signature } = success.data.signed;
    const from = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
    return { message: from(serializedMessage), signature: from(signature) };
  };
  const key = () => on.fleet.slot(0).identity.publicKey;
  const expected = () => confirmationMessage({ epoch: 1, blobId: parseBlobId(blob.blobId) });

  it('badSignature: by another key', async () => {
    await set({ type: 'badSignature' });
    const { message, signature } = await confirmed();
    expect(message).toEqual(expected());
    expect(signature).toHaveLength(96);
    expect(verifySignature(key(), message, signature)).toBe(false);
  });

  it('leave alone what is no confirmation', async () => {
    await set({ type: 'badSignature' });
    const path = `/v1/blobs/${blob.blobId}/confirmation/permanent`;
    expect((await on.node.get(`${path}?wait_millis=x`)).status).toBe(400);
    expect((await on.node.send('HEAD', path)).status).toBe(200);
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
    await register(on.fleet, fresh);
    await set({ type: 'lieStored' }, { method: 'PUT' });
    expect((await on.node.putMetadata(fresh)).status).toBe(201);
    expect(on.fleet.slot(0).node?.core.store.hasMetadata(fresh.blobId)).toBe(false);
    await expectFailure(
      await on.node.confirm(fresh),
      400,
      'FAILED_PRECONDITION',
      'MISSING_SLIVERS',
    );
    await set({ type: 'lieConfirm' });
    expect((await on.node.confirm(fresh)).status).toBe(200);
  });

  it('lieStored: also before the registration', async () => {
    const fresh = await encodedBlob(1_000, 3);
    const { pending } = on.fleet.slot(0).node?.core ?? {};
    const early = { pending: true };
    const pair = on.node.pairs(fresh)[0] as number;
    await set({ type: 'lieStored' }, { route: 'sliver' });
    expect((await on.node.putMetadata(fresh, early)).status).toBe(202);
    expect((await on.node.putSliver(fresh, 'primary', pair, early)).status).toBe(202);
    expect(pending?.usage).toMatchObject({ metadata: 1, slivers: 0 });
    await set({ type: 'lieStored' });
    const another = await encodedBlob(1_000, 4);
    expect((await on.node.putMetadata(another, early)).status).toBe(202);
    expect(pending?.usage).toMatchObject({ metadata: 1, slivers: 0 });
  });

  it('lieStatus: about the blob, metadata and slivers', async () => {
    const data = async (path: string) =>
      ((await (await on.node.get(path)).json()) as { success: { data: unknown } }).success.data;
    const base = `/v1/blobs/${blob.blobId}`;
    await set({ type: 'lieStatus', answer: 'nonexistent' });
    for (const path of ['/status', '/metadata/status', `/slivers/${on.pair}/primary/status`]) {
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
    const { registry } = on.fleet.slot(0).node?.core ?? {};
    const before = registry?.current;
    if (before === undefined) throw new Error('the node is down');
    const [first, second, ...rest] = before.members;
    if (first === undefined || second === undefined) throw new Error('no members');
    const swapped = [
      { ...first, shards: second.shards },
      { ...second, shards: first.shards },
    ];
    const current = { epoch: 2, members: [...swapped, ...rest] };
    on.fleet.tell({ type: 'epoch', state: 'sync', current, previous: before });
    await settled(on.fleet);
    const gained = on.node.pairs(blob)[0] as number;
    const put = () => on.node.putSliver(blob, 'primary', gained);
    await set({ type: 'stale' });
    await expectFailure(await put(), 400, 'FAILED_PRECONDITION', 'SHARD_NOT_ASSIGNED');
    expect(readConfirmation((await confirmed()).message)?.epoch).toBe(1);
    await on.fleet.setFaults(0, []);
    expect((await put()).status).toBe(201);
    await expectFailure(await on.node.confirm(blob), 400, 'FAILED_PRECONDITION', 'MISSING_SLIVERS');
  });

  it('evict: what waits for registration is lost', async () => {
    const fresh = await encodedBlob(1_000, 3);
    await on.node.putMetadata(fresh, { pending: true });
    await set({ type: 'evict' }, { times: 1, route: 'sliver' });
    const answer = await on.node.putSliver(fresh, 'primary', on.node.pairs(fresh)[0] as number, {
      pending: true,
    });
    await expectFailure(answer, 400, 'FAILED_PRECONDITION', 'METADATA_NOT_FOUND');
  });
});
