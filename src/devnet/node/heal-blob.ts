import { type Axis, crossAxis } from '../../protocol/axis.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { symbolsPerSliver } from '../../protocol/geometry.ts';
import { sliverHash } from '../../protocol/metadata.ts';
import { checkSliverShape, decodeSliver } from '../../protocol/sliver.ts';
import { sliverOfPair, sliverPairIndex } from '../../protocol/sliver-mapping.ts';
import { AXES, findMetadata, type NodeCore, pairOf } from './core.ts';
import type { FactMember } from './facts.ts';
import type { OpenedMetadata } from './metadata-shelf.ts';
import { fetchMetadata, fetchSliver, fetchSymbols, peersOf, previousOwner } from './peers.ts';

const PEERS_AT_ONCE = 4;

interface Wanted {
  readonly axis: Axis;
  readonly pair: number;
  readonly shard: number;
}

/** Whether everything that the node must have of a blob in these shards is on its disk. */
export function isWhole(core: NodeCore, blobId: string, shards: readonly number[]): boolean {
  return core.store.hasMetadata(blobId) && missingOf(core, blobId, shards).length === 0;
}

/**
 * Brings metadata and slivers of a blob to this node: from the shard's owner before this epoch, else from recovery
 * symbols of the others. Everything is verified.
 *
 * @param pause is awaited before each sliver
 * @returns whether everything is there now
 */
export async function healBlob(
  core: NodeCore,
  blobId: string,
  shards: readonly number[],
  pause: (wanted: { shard: number; byRecovery: boolean }) => Promise<void>,
): Promise<boolean> {
  const metadata = await ensureMetadata(core, blobId);
  if (metadata === undefined) return false;
  for (const wanted of missingOf(core, blobId, shards)) {
    await pause({ shard: wanted.shard, byRecovery: false });
    if (await copySliver(core, metadata, wanted)) continue;
    await pause({ shard: wanted.shard, byRecovery: true });
    await recoverSliver(core, metadata, wanted);
  }
  return isWhole(core, blobId, shards);
}

function missingOf(core: NodeCore, blobId: string, shards: readonly number[]): Wanted[] {
  return shards.flatMap((shard) => {
    const pair = pairOf(core, blobId, shard);
    return AXES.flatMap((axis) =>
      core.store.has(blobId, axis, pair) ? [] : { axis, pair, shard },
    );
  });
}

async function ensureMetadata(core: NodeCore, blobId: string): Promise<OpenedMetadata | undefined> {
  const known = await findMetadata(core, blobId);
  if (known?.stored) return known;
  for (const peer of peersOf(core)) {
    const bytes = await fetchMetadata(core, peer, blobId);
    if (bytes === undefined) continue;
    try {
      const opened = core.doors.shelf.verify(blobId, bytes);
      await core.store.putMetadata(blobId, opened.bytes);
      return opened;
    } catch (error) {
      if (!isHauloutError(error)) throw error; // the peer's metadata is wrong: the next one
    }
  }
  return undefined;
}

async function copySliver(
  core: NodeCore,
  metadata: OpenedMetadata,
  { axis, pair, shard }: Wanted,
): Promise<boolean> {
  const owner = previousOwner(core, shard);
  if (owner === undefined) return false;
  const { blobId, geometry } = metadata;
  const bytes = await fetchSliver(core, owner, { blobId, pair, axis });
  if (bytes === undefined) return false;
  const index = indexOf(metadata, axis, pair);
  try {
    const sliver = decodeSliver(bytes);
    checkSliverShape(geometry, axis, sliver, index);
    const hash = sliverHash(metadata.metadata, axis, index)?.slice();
    const slivers = [{ data: sliver.data.slice(), hash }];
    const { wrong } = await core.doors.verifier.run({ kind: 'verify', geometry, axis, slivers });
    if (wrong.length > 0) return false;
  } catch (error) {
    if (isHauloutError(error)) return false;
    throw error;
  }
  await core.store.putSliver(blobId, axis, pair, bytes);
  return true;
}

async function recoverSliver(
  core: NodeCore,
  metadata: OpenedMetadata,
  { axis, pair }: Wanted,
): Promise<boolean> {
  const { blobId, geometry, bytes } = metadata;
  const { shardCount } = geometry;
  const index = indexOf(metadata, axis, pair);
  const need = symbolsPerSliver(geometry, axis);
  const symbols = await ownSymbols(core, metadata, axis, index);
  const peers = peersOf(core);
  let tried = 0;
  while (true) {
    if (symbols.length >= need && symbols.length > tried) {
      tried = symbols.length;
      const task = { kind: 'recover', shardCount, blobId, metadata: bytes, axis } as const;
      try {
        const { sliver } = await core.doors.verifier.run({ ...task, sliverIndex: index, symbols });
        await core.store.putSliver(blobId, axis, pair, sliver);
        return true;
      } catch (error) {
        if (!isHauloutError(error, 'not-enough-symbols')) return false;
      }
    }
    const next: FactMember[] = peers.splice(0, PEERS_AT_ONCE);
    if (next.length === 0) return false;
    const target = { blobId, axis, index };
    const answers = await Promise.all(next.map((peer) => fetchSymbols(core, peer, target)));
    symbols.push(...answers.flat());
  }
}

/** The symbols that the node's own slivers of the other axis give. */
async function ownSymbols(
  core: NodeCore,
  { blobId, geometry }: OpenedMetadata,
  axis: Axis,
  index: number,
): Promise<Uint8Array[]> {
  const across = crossAxis(axis);
  const found: Uint8Array[] = [];
  for (const pair of core.store.pairs(blobId, across)) {
    const sliver = await core.store.sliver(blobId, across, pair);
    if (sliver === undefined) continue;
    const task = {
      kind: 'symbols',
      geometry,
      axis: across,
      sliver,
      targetIndices: [index],
    } as const;
    found.push(...(await core.doors.verifier.run(task)).symbols);
  }
  return found;
}

function indexOf({ geometry }: OpenedMetadata, axis: Axis, pair: number): number {
  const { shardCount } = geometry;
  return sliverOfPair(sliverPairIndex(pair, shardCount), axis, shardCount);
}
