import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeFleet } from '../../../../src/devnet/fleet.ts';
import { parseBlobId } from '../../../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../../../src/protocol/blob-summary.ts';
import {
  bytesOf,
  EVENT,
  encodedBlob,
  expectData,
  expectFailure,
  expectPlain,
  NodeCalls,
  register,
} from '../../../support/devnet/node-calls.ts';
import { settled, startFleet } from '../../../support/devnet/test-fleet.ts';

let fleet: NodeFleet;
let node: NodeCalls;
let blob: EncodedBlob;
beforeEach(async () => {
  ({ fleet } = await startFleet());
  node = new NodeCalls(fleet);
  blob = await encodedBlob(1_000);
});

const changed = (bytes: Uint8Array, at: number, value: number) => {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
};
const INVALID = [400, 'INVALID_ARGUMENT'] as const;
const PRECONDITION = [400, 'FAILED_PRECONDITION'] as const;

describe('PUT metadata', () => {
  it('stores: 201, then 200', async () => {
    await register(fleet, blob);
    await expectData(await node.putMetadata(blob), 'metadata successfully stored', 201);
    await expectData(await node.putMetadata(blob), 'metadata already stored', 200);
  });

  it('refuses what it cannot read, before anything else', async () => {
    const cases = [blob.metadata.subarray(0, 100), new Uint8Array(), changed(blob.metadata, 0, 1)];
    const trailing = new Uint8Array([...blob.metadata, 0]);
    fleet.tell({ type: 'invalid', blobId: blob.blobId, event: EVENT });
    await settled(fleet);
    for (const bytes of [...cases, trailing, changed(blob.metadata, 1, 7)]) {
      await expectFailure(
        await node.putMetadata(blob, { bytes }),
        ...INVALID,
        'INVALID_CONTENT_TYPE',
      );
    }
    const typed = await node.putMetadata(blob, { type: 'text/plain' });
    await expectFailure(typed, ...INVALID, 'INVALID_CONTENT_TYPE');
  });

  it('takes a content type with parameters, and none', async () => {
    await register(fleet, blob);
    const type = 'application/octet-stream; charset=binary';
    expect((await node.putMetadata(blob, { type })).status).toBe(201);
    const path = `/v1/blobs/${blob.blobId}/metadata`;
    const other = new NodeCalls(fleet, 1);
    expect((await other.send('PUT', path, blob.metadata)).status).toBe(201);
  });

  it('refuses a blob that is invalid before saying that it has it', async () => {
    await register(fleet, blob);
    await node.putMetadata(blob);
    fleet.tell({ type: 'invalid', blobId: blob.blobId, event: EVENT });
    await settled(fleet);
    await expectFailure(await node.putMetadata(blob), ...PRECONDITION, 'INVALID_BLOB');
  });

  it('says that it has it before looking at the encoding or the content', async () => {
    await register(fleet, blob);
    await node.putMetadata(blob);
    for (const bytes of [changed(blob.metadata, 1, 0), changed(blob.metadata, 2, 99)]) {
      await expectData(await node.putMetadata(blob, { bytes }), 'metadata already stored');
    }
  });

  it('refuses an encoding before wrong content, and wrong content before the registration', async () => {
    const oldEncoding = changed(changed(blob.metadata, 1, 0), 2, 99);
    const old = await node.putMetadata(blob, { bytes: oldEncoding });
    await expectFailure(old, ...INVALID, 'UNSUPPORTED_ENCODING_TYPE');
    const otherHash = changed(blob.metadata, blob.metadata.length - 1, 1);
    const tooLong = changed(blob.metadata, 9, 0x7f); // over 2^53 bytes
    const otherCount = (await encodedBlob(1_000, 1, 10)).metadata;
    for (const bytes of [otherHash, tooLong, otherCount, changed(blob.metadata, 2, 99)]) {
      await expectFailure(await node.putMetadata(blob, { bytes }), ...INVALID, 'INVALID_METADATA');
    }
    await expectFailure(await node.putMetadata(blob), ...PRECONDITION, 'NOT_REGISTERED');
  });

  it('refuses a body over the limit without an envelope', async () => {
    await expectPlain(await node.putMetadata(blob, { bytes: new Uint8Array((2 << 20) + 1) }), 413);
  });

  it('refuses a blob that has expired', async () => {
    await register(fleet, blob, { endEpoch: 1 });
    await expectFailure(await node.putMetadata(blob), ...PRECONDITION, 'NOT_REGISTERED');
  });
});

describe('GET metadata', () => {
  it('gives the ID and the metadata before certification', async () => {
    await register(fleet, blob);
    await node.putMetadata(blob);
    const bytes = await bytesOf(await node.get(`/v1/blobs/${blob.blobId}/metadata`));
    const expected = Buffer.concat([parseBlobId(blob.blobId), blob.metadata]);
    expect(Buffer.compare(bytes, expected)).toBe(0);
  });

  it('is 404 without registration, after expiry, and without metadata', async () => {
    const path = `/v1/blobs/${blob.blobId}/metadata`;
    const missing = () => node.get(path);
    await expectFailure(await missing(), 404, 'NOT_FOUND', 'METADATA_NOT_FOUND');
    await register(fleet, blob);
    await expectFailure(await missing(), 404, 'NOT_FOUND', 'METADATA_NOT_FOUND');
    await node.putMetadata(blob);
    expect((await missing()).status).toBe(200);
    const { current } = node.fleet.slot(0).node?.core.registry ?? { current: undefined };
    if (current === undefined) throw new Error('the node is down');
    fleet.tell({ type: 'epoch', state: 'done', current: { ...current, epoch: 10 } });
    await settled(fleet);
    await expectFailure(await missing(), 404, 'NOT_FOUND', 'METADATA_NOT_FOUND');
  });

  it('is 451 for a blocked blob', async () => {
    const blocked = new Set([blob.blobId]);
    const { fleet: blocking } = await startFleet({ settings: { blocked } });
    await register(blocking, blob);
    const calls = new NodeCalls(blocking);
    await calls.putMetadata(blob);
    const answer = await calls.get(`/v1/blobs/${blob.blobId}/metadata`);
    await expectFailure(answer, 451, 'UNAVAILABLE_FOR_LEGAL_REASONS', 'FORBIDDEN_BLOB');
    const sliver = await calls.getSliver(blob, 'primary', calls.pairs(blob)[0] ?? 0);
    await expectFailure(sliver, 451, 'UNAVAILABLE_FOR_LEGAL_REASONS', 'FORBIDDEN_BLOB');
  });
});

describe('metadata status', () => {
  it('is lower case', async () => {
    const path = `/v1/blobs/${blob.blobId}/metadata/status`;
    await expectData(await node.get(path), 'nonexistent');
    await node.putMetadata(blob, { pending: true });
    await expectData(await node.get(path), 'nonexistent'); // this route does not know `buffered`
    await register(fleet, blob);
    await expectData(await node.get(path), 'stored');
  });

  it('is capitalised where the official package needs it', async () => {
    const { fleet: other } = await startFleet({ settings: { capitalisedStatus: true } });
    const path = `/v1/blobs/${blob.blobId}/metadata/status`;
    await expectData(await new NodeCalls(other).get(path), 'Nonexistent');
  });
});
