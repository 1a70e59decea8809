import { type Axis, crossAxis } from '../../protocol/axis.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { symbolsPerSliver } from '../../protocol/geometry.ts';
import { sliverHash } from '../../protocol/metadata.ts';
import {
  pairOfSliver,
  sliverIndex,
  sliverOfPair,
  sliverPairIndex,
} from '../../protocol/sliver-mapping.ts';
import { type NodeCore, pairOf } from './core.ts';
import type { FactMember } from './facts.ts';
import type { OpenedMetadata } from './metadata-shelf.ts';
import { fetchSymbols, peersOf } from './peers.ts';

const PEERS_AT_ONCE = 4;

/** Slivers recovered together: a source sliver is expanded once for all of them. */
export const SLIVERS_AT_ONCE = 32;

/**
 * Recovers slivers of one axis from symbols: those of this node's own slivers, then those of other nodes, until there
 * are enough good ones or nobody is left to ask.
 *
 * @param targets sliver indices, at most `SLIVERS_AT_ONCE`
 */
export async function recoverSlivers(
  core: NodeCore,
  metadata: OpenedMetadata,
  axis: Axis,
  targets: readonly number[],
): Promise<void> {
  const symbols = await ownSymbols(core, metadata, axis, targets);
  const tried = new Map<number, number>();
  const peers = peersOf(core);
  const need = symbolsPerSliver(metadata.geometry, axis);
  for (let open = [...targets]; open.length > 0; ) {
    const failed: number[] = [];
    for (const target of open) {
      const here = symbols.get(target) ?? [];
      const isNew = here.length >= need && here.length > (tried.get(target) ?? 0);
      tried.set(target, here.length);
      if (!isNew || !(await rebuild(core, metadata, axis, target, here))) failed.push(target);
    }
    open = failed;
    const next = peers.splice(0, PEERS_AT_ONCE);
    if (next.length === 0) return;
    const asked = open;
    const answers = await Promise.all(
      next.map((peer) => symbolsOf(core, metadata, axis, asked, peer)),
    );
    for (const answer of answers) {
      for (const [target, more] of answer) symbols.get(target)?.push(...more);
    }
  }
}

function symbolsOf(
  core: NodeCore,
  { blobId, geometry: { shardCount } }: OpenedMetadata,
  axis: Axis,
  targets: readonly number[],
  peer: FactMember,
): Promise<Map<number, Uint8Array[]>> {
  const sources = peer.shards.map((shard) =>
    sliverOfPair(
      sliverPairIndex(pairOf(core, blobId, shard), shardCount),
      crossAxis(axis),
      shardCount,
    ),
  );
  return fetchSymbols(core, peer, { blobId, axis, targets, sources });
}

/** @returns whether the sliver is on the disk now */
async function rebuild(
  core: NodeCore,
  { blobId, bytes, geometry, metadata }: OpenedMetadata,
  axis: Axis,
  target: number,
  symbols: readonly Uint8Array[],
): Promise<boolean> {
  const { verifier } = core.doors;
  const { shardCount } = geometry;
  const hash = sliverHash(metadata, axis, target)?.slice();
  if (hash === undefined) return false;
  const about = { axis, sliverIndex: target, symbols };
  let { sliver } = await verifier.run({ kind: 'rebuild', geometry, hash, ...about });
  if (sliver === undefined) {
    try {
      const claim = { shardCount, blobId, metadata: bytes };
      ({ sliver } = await verifier.run({ kind: 'recover', ...claim, ...about }));
    } catch (error) {
      if (!isHauloutError(error)) throw error;
      return false;
    }
  }
  const pair = pairOfSliver(sliverIndex(target, shardCount), axis, shardCount);
  await core.store.putSliver(blobId, axis, pair, sliver);
  return true;
}

/** The symbols that the node's own slivers of the other axis give, by target. */
async function ownSymbols(
  core: NodeCore,
  { blobId, geometry }: OpenedMetadata,
  axis: Axis,
  targets: readonly number[],
): Promise<Map<number, Uint8Array[]>> {
  const across = crossAxis(axis);
  const found = new Map<number, Uint8Array[]>(targets.map((target) => [target, []]));
  for (const pair of core.store.pairs(blobId, across)) {
    const sliver = await core.store.sliver(blobId, across, pair);
    if (sliver === undefined) continue;
    const task = {
      kind: 'symbols',
      geometry,
      axis: across,
      sliver,
      targetIndices: targets,
    } as const;
    const { symbols } = await core.doors.verifier.run(task);
    symbols.forEach((symbol, i) => {
      found.get(targets[i] as number)?.push(symbol);
    });
  }
  return found;
}
