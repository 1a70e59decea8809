import type { Axis } from '../../protocol/axis.ts';
import { parseBlobId } from '../../protocol/blob-id.ts';
import type { OpenFile } from '../disk/disk.ts';
import { assignment, type Mode, type NodeCore, shardOf } from './core.ts';
import { NodeError } from './errors.ts';
import { checkPair } from './put-sliver.ts';
import { bytesReply, streamReply, success } from './reply.ts';

const CHUNK_BYTES = 256 << 10; // what is longer is sent in pieces

export interface SliverPlace {
  readonly blobId: string;
  readonly pair: number;
  readonly axis: Axis;
}

export async function getMetadata(core: NodeCore, blobId: string): Promise<Response> {
  if (core.settings.blocked.has(blobId)) throw new NodeError('FORBIDDEN_BLOB');
  const registered = core.registry.isRegistered(blobId);
  const metadata = registered ? await core.store.metadata(blobId) : undefined;
  if (metadata === undefined) throw new NodeError('METADATA_NOT_FOUND');
  const id = parseBlobId(blobId);
  const bytes = new Uint8Array(id.length + metadata.length);
  bytes.set(id);
  bytes.set(metadata, id.length);
  return bytesReply(bytes);
}

export function metadataStatus(core: NodeCore, blobId: string): Response {
  return stored(core, core.store.hasMetadata(blobId) ? 'stored' : 'nonexistent');
}

export async function getSliver(core: NodeCore, place: SliverPlace, mode: Mode): Promise<Response> {
  const { blobId, pair, axis } = place;
  checkPair(pair, core.settings.shardCount);
  if (core.settings.blocked.has(blobId)) throw new NodeError('FORBIDDEN_BLOB');
  if (!core.registry.isRegistered(blobId)) throw new NodeError('SLIVER_NOT_FOUND');
  checkHeld(core, place, mode);
  const file = await core.store.openSliver(blobId, axis, pair);
  if (file === undefined) throw new NodeError('SLIVER_NOT_FOUND');
  if (file.bytes > CHUNK_BYTES) return streamReply(streamOf(file), file.bytes);
  try {
    return bytesReply(await file.read(0, file.bytes));
  } finally {
    await file.close();
  }
}

export function sliverStatus(core: NodeCore, place: SliverPlace, mode: Mode): Response {
  const { blobId, pair, axis } = place;
  checkPair(pair, core.settings.shardCount);
  checkHeld(core, place, mode);
  if (core.store.has(blobId, axis, pair)) return stored(core, 'stored');
  return stored(core, core.pending.has(blobId, axis, pair) ? 'buffered' : 'nonexistent');
}

function checkHeld(core: NodeCore, { blobId, pair }: SliverPlace, mode: Mode): void {
  const shard = shardOf(core, blobId, pair);
  const { epoch, shards } = assignment(core, mode);
  if (mode.stale === true ? shards.includes(shard) : core.shards.holds(shard)) return;
  throw new NodeError('SHARD_NOT_ASSIGNED', `shard ${shard}, epoch ${epoch}`);
}

function stored(core: NodeCore, status: string): Response {
  const { capitalisedStatus } = core.settings;
  return success(capitalisedStatus ? `${status[0]?.toUpperCase()}${status.slice(1)}` : status);
}

/** The file from begin to end, in pieces, as fast as they are taken. */
function streamOf(file: OpenFile): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        const piece = await file.read(at, at + CHUNK_BYTES);
        at += piece.length;
        if (piece.length > 0) controller.enqueue(piece);
        if (at >= file.bytes || piece.length === 0) {
          await file.close();
          controller.close();
        }
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 1 },
  );
}
