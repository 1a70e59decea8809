import type { Axis } from '../../protocol/axis.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { committeeShape, MAX_SYMBOL_BYTES } from '../../protocol/geometry.ts';
import { sliverHash } from '../../protocol/metadata.ts';
import { checkSliverShape, type SliverData } from '../../protocol/sliver.ts';
import { sliverOfPair, sliverPairIndex } from '../../protocol/sliver-mapping.ts';
import { readBody } from './body.ts';
import { assignment, findMetadata, type Mode, type NodeCore, shardOf } from './core.ts';
import { NodeError } from './errors.ts';
import type { OpenedMetadata } from './metadata-shelf.ts';
import type { PutRequest } from './put-metadata.ts';
import { success } from './reply.ts';
import { readSliver } from './wire-metadata.ts';

/** Longest body of a sliver. */
export function sliverBodyLimit(shardCount: number): number {
  return committeeShape(shardCount).columnCount * MAX_SYMBOL_BYTES + 128;
}

export async function putSliver(
  core: NodeCore,
  put: PutRequest & { readonly pair: number; readonly axis: Axis },
  mode: Mode,
): Promise<Response> {
  const { request, blobId, pair, axis, pending } = put;
  const { shardCount } = core.settings;
  const bytes = await readBody(request, sliverBodyLimit(shardCount));
  const sliver = readSliver(bytes);
  checkPair(pair, shardCount);
  if (sliver.sliverIndex !== sliverOfPair(sliverPairIndex(pair, shardCount), axis, shardCount)) {
    throw new NodeError('SLIVER_INDEX_MISMATCH', `sliver ${sliver.sliverIndex} in pair ${pair}`);
  }
  return core.inTurn(`sliver ${blobId} ${axis} ${pair}`, async () => {
    const metadata = await findMetadata(core, blobId);
    if (metadata === undefined) {
      const expected = pending || core.registry.isRegistered(blobId);
      throw expected
        ? new NodeError('METADATA_NOT_FOUND', undefined, true)
        : new NodeError('NOT_REGISTERED');
    }
    checkAssigned(core, shardOf(core, blobId, pair), mode);
    if (core.store.has(blobId, axis, pair) || core.pending.has(blobId, axis, pair)) {
      return success('sliver already stored');
    }
    await verify(core, metadata, axis, sliver);
    // The registration may have come in the meantime, and with it the metadata's way to the disk.
    if (metadata.stored || core.store.hasMetadata(blobId)) {
      if (mode.lieStored !== true) await core.store.putSliver(blobId, axis, pair, bytes);
      return success('sliver stored successfully', 201);
    }
    if (mode.lieStored !== true && !core.pending.addSliver(blobId, { axis, pair, bytes })) {
      throw new NodeError('CACHE_SATURATED');
    }
    return success('sliver buffered pending registration', 202);
  });
}

/** @throws NodeError INDEX_OUT_OF_RANGE */
export function checkPair(pair: number, shardCount: number): void {
  if (pair < shardCount) return;
  throw new NodeError('INDEX_OUT_OF_RANGE', `${pair} of ${shardCount}`);
}

function checkAssigned(core: NodeCore, shard: number, mode: Mode): void {
  const { epoch, shards } = assignment(core, mode);
  if (shards.includes(shard) && (mode.stale === true || core.shards.holds(shard))) return;
  throw new NodeError('SHARD_NOT_ASSIGNED', `shard ${shard}, epoch ${epoch}`);
}

async function verify(
  core: NodeCore,
  { geometry, metadata }: OpenedMetadata,
  axis: Axis,
  sliver: SliverData,
): Promise<void> {
  try {
    checkSliverShape(geometry, axis, sliver);
  } catch (error) {
    if (isHauloutError(error)) throw new NodeError('INVALID_SLIVER', error.message);
    throw error;
  }
  const { verify: how } = core.settings;
  if (how === 'off' || (how !== 'full' && core.doors.random.below(how.oneIn) > 0)) return;
  const hash = sliverHash(metadata, axis, sliver.sliverIndex)?.slice();
  const slivers = [{ data: sliver.data.slice(), hash }];
  const { wrong } = await core.doors.verifier.run({ kind: 'verify', geometry, axis, slivers });
  if (wrong.length > 0) throw new NodeError('INVALID_SLIVER', 'its root is another one');
}
