import { expect } from 'vitest';
import type { NodeFleet } from '../../../src/devnet/fleet.ts';
import { Kernel } from '../../../src/kernel/kernel.ts';
import type { Axis } from '../../../src/protocol/axis.ts';
import { parseBlobId } from '../../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../../src/protocol/blob-summary.ts';
import { pairOfShard, shardIndex } from '../../../src/protocol/sliver-mapping.ts';
import { kernelEncode } from '../kernel-blob.ts';
import { objectIdOf } from './chain-double.ts';
import { kernelModule, settled } from './test-fleet.ts';

export const OBJECT = objectIdOf('object');
export const EVENT = { txDigest: 'digest', eventSeq: '0' };
const BYTES = 'application/octet-stream';

/** A blob of `length` bytes that depend on `salt`, encoded for `shardCount` shards. */
export async function encodedBlob(length: number, salt = 1, shardCount = 13): Promise<EncodedBlob> {
  return kernelEncode(new Kernel(await kernelModule()), shardCount, blobBytes(length, salt));
}

/** The bytes of `encodedBlob`. */
export function blobBytes(length: number, salt = 1): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + salt * 13 + (i >> 8)) & 255);
}

/** Requests to one node of a fleet. */
export class NodeCalls {
  readonly fleet: NodeFleet;
  readonly index: number;

  constructor(fleet: NodeFleet, index = 0) {
    this.fleet = fleet;
    this.index = index;
  }

  send(method: string, path: string, body?: Uint8Array, headers: Record<string, string> = {}) {
    const init = { method, headers, ...(body ? { body: body as Uint8Array<ArrayBuffer> } : {}) };
    return this.fleet.handle(this.index, new Request(`http://node.test${path}`, init));
  }

  get(path: string) {
    return this.send('GET', path);
  }

  putMetadata(blob: EncodedBlob, o: { bytes?: Uint8Array; pending?: boolean; type?: string } = {}) {
    const query = o.pending ? '?pending=true' : '';
    const headers = { 'content-type': o.type ?? BYTES };
    return this.send(
      'PUT',
      `/v1/blobs/${blob.blobId}/metadata${query}`,
      o.bytes ?? blob.metadata,
      headers,
    );
  }

  putSliver(
    blob: EncodedBlob,
    axis: Axis,
    pair: number,
    o: { bytes?: Uint8Array; pending?: boolean } = {},
  ) {
    const bytes = o.bytes ?? sliverOf(blob, axis, pair);
    const query = o.pending ? '?pending=true' : '';
    const path = `/v1/blobs/${blob.blobId}/slivers/${pair}/${axis}${query}`;
    return this.send('PUT', path, bytes, { 'content-type': BYTES });
  }

  getSliver(blob: { blobId: string }, axis: Axis, pair: number) {
    return this.get(`/v1/blobs/${blob.blobId}/slivers/${pair}/${axis}`);
  }

  confirm(blob: { blobId: string }, objectId?: string, query = '') {
    const kind = objectId === undefined ? 'permanent' : `deletable/${objectId}`;
    return this.get(`/v1/blobs/${blob.blobId}/confirmation/${kind}${query}`);
  }

  /** Pairs of a blob that this node's shards hold. */
  pairs(blob: EncodedBlob): number[] {
    const member = this.fleet.slot(this.index).node?.core.registry.current.members[this.index];
    const id = parseBlobId(blob.blobId);
    return (member?.shards ?? []).map((shard) =>
      pairOfShard(shardIndex(shard, blob.shardCount), id, blob.shardCount),
    );
  }

  /** Sends metadata and all slivers of this node; all must be taken. */
  async upload(blob: EncodedBlob, pending = false): Promise<void> {
    expect((await this.putMetadata(blob, { pending })).ok).toBe(true);
    for (const pair of this.pairs(blob)) {
      for (const axis of ['primary', 'secondary'] as const) {
        expect((await this.putSliver(blob, axis, pair, { pending })).ok).toBe(true);
      }
    }
  }
}

export function sliverOf(blob: EncodedBlob, axis: Axis, pair: number): Uint8Array {
  const slivers = axis === 'primary' ? blob.primarySlivers : blob.secondarySlivers;
  return slivers[pair] as Uint8Array;
}

/** Tells all nodes of a registration and waits until they know. */
export async function register(
  fleet: NodeFleet,
  blob: { blobId: string; unencodedBytes: number },
  o: { deletable?: boolean; endEpoch?: number; objectId?: string } = {},
): Promise<void> {
  const { deletable = false, endEpoch = 10, objectId = OBJECT } = o;
  const { blobId, unencodedBytes: size } = blob;
  fleet.tell({ type: 'registered', blobId, objectId, deletable, endEpoch, size, event: EVENT });
  await settled(fleet);
}

/** Tells all nodes of a certification. */
export function certify(
  fleet: NodeFleet,
  blob: { blobId: string },
  o: { objectId?: string } = {},
): void {
  const { objectId = OBJECT } = o;
  const { blobId } = blob;
  const event = { txDigest: 'certified', eventSeq: '0' };
  fleet.tell({
    type: 'certified',
    blobId,
    objectId,
    deletable: false,
    endEpoch: 10,
    epoch: 1,
    event,
  });
}

/** Registers a blob, sends it to all nodes, and certifies it. */
export async function storeEverywhere(fleet: NodeFleet, blob: EncodedBlob): Promise<void> {
  await register(fleet, blob);
  for (const { identity } of fleet.slots) await new NodeCalls(fleet, identity.index).upload(blob);
  certify(fleet, blob);
  await settled(fleet);
}

interface Envelope {
  error: { code: number; status: string; message: string; details: Record<string, unknown>[] };
}

/** Expects the whole envelope of a failure. */
export async function expectFailure(
  response: Response,
  code: number,
  status: string,
  reason: string,
  domain = 'storage.walrus.space',
): Promise<void> {
  const text = await response.text();
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
  const { error } = JSON.parse(text) as Envelope;
  expect([response.status, error.code, error.status, error.details[0]?.['reason']]).toEqual([
    code,
    code,
    status,
    reason,
  ]);
  expect(error.details[0]).toEqual({ '@type': 'ErrorInfo', reason, domain, metadata: {} });
  expect(error.message.length).toBeGreaterThan(5);
}

/** Expects success with exactly this data. */
export async function expectData(response: Response, data: unknown, code = 200): Promise<void> {
  expect(response.status).toBe(code);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({ success: { code, data } });
}

/** Expects an answer of the framework: no envelope. */
export async function expectPlain(response: Response, code: number): Promise<string> {
  expect(response.status).toBe(code);
  expect(response.headers.get('content-type') ?? 'text/plain').toMatch(/^text\/plain/);
  const text = await response.text();
  expect(text).not.toContain('{');
  return text;
}

export async function bytesOf(response: Response): Promise<Uint8Array> {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(BYTES);
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(response.headers.get('content-length')).toBe(String(bytes.length));
  return bytes;
}
