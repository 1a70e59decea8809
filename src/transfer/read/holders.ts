import type { Axis } from '../../protocol/axis.ts';
import { parseBlobId } from '../../protocol/blob-id.ts';
import { pairOfSliver, shardOfPair, sliverIndex } from '../../protocol/sliver-mapping.ts';
import type { Holder, ReadCommittee } from './read-types.ts';

/** Where a sliver is: the shard, and under which pair its holders know it. */
export interface SliverAddress {
  readonly pair: number;
  readonly shard: number;
}

export function addressOf(
  { blobId, shardCount }: { readonly blobId: string; readonly shardCount: number },
  axis: Axis,
  index: number,
): SliverAddress {
  const pair = pairOfSliver(sliverIndex(index, shardCount), axis, shardCount);
  return { pair, shard: shardOfPair(pair, parseBlobId(blobId), shardCount) };
}

/**
 * The nodes that should have a shard. While nodes take over shards, who had it before is asked first: what was certified
 * before the change is surely there. The slivers are verified, so it does no harm to ask the wrong one.
 */
export function holdersOf({ current, leaving }: ReadCommittee, shard: number): readonly Holder[] {
  const owns = ({ shards }: Holder) => shards.includes(shard);
  const [before, now] = [leaving.find(owns), current.members.find(owns)];
  if (before?.nodeId === now?.nodeId) return now ? [now] : [];
  return [before, now].flatMap((holder) => holder ?? []);
}

/** Everybody who may have something of a blob, each once. */
export function allHolders({ current, leaving }: ReadCommittee): readonly Holder[] {
  const known = new Set(current.members.map(({ nodeId }) => nodeId));
  return [...current.members, ...leaving.filter(({ nodeId }) => !known.has(nodeId))];
}
