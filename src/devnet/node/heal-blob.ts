import type { Axis } from '../../protocol/axis.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { sliverHash } from '../../protocol/metadata.ts';
import { checkSliverShape, decodeSliver } from '../../protocol/sliver.ts';
import { sliverOfPair, sliverPairIndex } from '../../protocol/sliver-mapping.ts';
import { inLanes } from '../lanes.ts';
import { AXES, findMetadata, type NodeCore, pairOf } from './core.ts';
import type { FactMember } from './facts.ts';
import type { OpenedMetadata } from './metadata-shelf.ts';
import { fetchMetadata, fetchSliver, peersOf, previousOwner } from './peers.ts';
import { recoverSlivers } from './recover-slivers.ts';

interface Wanted {
  readonly axis: Axis;
  readonly pair: number;
  readonly shard: number;
}

/** Whether everything that the node must have of a blob in these shards is on its disk. */
export function isWhole(core: NodeCore, blobId: string, shards: readonly number[]): boolean {
  return core.store.hasMetadata(blobId) && missingOf(core, blobId, shards).length === 0;
}

const COPIES_AT_ONCE = 16;
/** Slivers that an old owner may fail to give before it is not asked for this blob any more. */
const OWNER_FAILURES = 3;

/** How a healer follows and paces the work on one blob. */
export interface HealPace {
  /** slivers that may be on their way at the same time */
  readonly lanes: number;
  /** is awaited before slivers are brought here */
  pause(wanted: { shards: readonly number[]; byRecovery: boolean }): Promise<void>;
}

/**
 * Brings metadata and slivers of a blob to this node: from the shard's owner before this epoch, else from recovery
 * symbols of the others. Everything is verified.
 *
 * @returns whether everything is there now
 */
export async function healBlob(
  core: NodeCore,
  blobId: string,
  shards: readonly number[],
  { lanes, pause }: HealPace,
): Promise<boolean> {
  const metadata = await ensureMetadata(core, blobId);
  if (metadata === undefined) return false;
  const missing = missingOf(core, blobId, shards);
  const failures = new Map<string, number>();
  const copied = await inLanes(missing, Math.min(lanes, COPIES_AT_ONCE), async (wanted) => {
    await pause({ shards: [wanted.shard], byRecovery: false });
    const owner = previousOwner(core, wanted.shard);
    const failed = failures.get(owner?.nodeId ?? '') ?? 0;
    if (owner === undefined || failed >= OWNER_FAILURES) return false;
    const isHere = await copySliver(core, metadata, wanted, owner);
    if (!isHere) failures.set(owner.nodeId, (failures.get(owner.nodeId) ?? 0) + 1);
    return isHere;
  });
  const lost = missing.filter((_, i) => copied[i] === false);
  for (const axis of AXES) {
    const byTarget = new Map(
      lost.flatMap((wanted) =>
        wanted.axis === axis ? [[indexOf(metadata, axis, wanted.pair), wanted.shard] as const] : [],
      ),
    );
    await recoverSlivers(core, metadata, axis, [...byTarget.keys()], (batch) => {
      const owners = batch.flatMap((target) => byTarget.get(target) ?? []);
      return pause({ shards: owners, byRecovery: true });
    });
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
  { axis, pair }: Wanted,
  owner: FactMember,
): Promise<boolean> {
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

function indexOf({ geometry }: OpenedMetadata, axis: Axis, pair: number): number {
  const { shardCount } = geometry;
  return sliverOfPair(sliverPairIndex(pair, shardCount), axis, shardCount);
}
