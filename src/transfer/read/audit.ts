import type { Axis } from '../../protocol/axis.ts';
import { parseBlobId } from '../../protocol/blob-id.ts';
import { sliverBytes } from '../../protocol/geometry.ts';
import { encodedSliverBytes } from '../../protocol/sliver.ts';
import { pairOfShard, shardIndex } from '../../protocol/sliver-mapping.ts';
import { drawn } from './drawn.ts';
import { holdersOf } from './holders.ts';
import { NodeRequests } from './node-requests.ts';
import type { OpenBlob, ReadDoors, ReadTally } from './read-types.ts';

/** How often the bound that a report gives may be wrong. */
const DOUBT = 0.05;

/** What came of asking for one sliver. */
export interface AuditedShard {
  readonly shard: number;
  readonly axis: Axis;
  /** who should have it in this epoch; undefined if the committee names nobody */
  readonly nodeId: string | undefined;
  /** 'right': the sliver came and is the one that the blob ID commits to */
  readonly outcome: 'right' | 'wrong' | 'absent' | 'blocked' | 'unavailable';
  readonly ms: number;
}

/**
 * What a random sample of shards says about a blob. It proves that so many nodes could give their slivers now, and, if
 * the sample was random to them, what part of all shards can at least. It proves nothing about tomorrow, nor that a node
 * has a sliver on a disk of its own.
 */
export interface AuditReport {
  readonly blobId: string;
  readonly shards: readonly AuditedShard[];
  readonly rightCount: number;
  /** shards of all that have their sliver at least, wrong in one of twenty audits at most */
  readonly leastShards: number;
  /** shards whose primary slivers are enough to read the blob */
  readonly neededShards: number;
  readonly shardCount: number;
}

/**
 * Asks a random sample of shards for a sliver, of either axis, and verifies each.
 *
 * @param samples 1 to the number of shards; more is taken as all
 * @throws HauloutError 'chain-unavailable', 'aborted'
 */
export async function auditBlob(
  doors: ReadDoors,
  blob: OpenBlob,
  samples: number,
  tally: ReadTally,
  signal: AbortSignal,
): Promise<AuditReport> {
  const { blobId, shardCount, geometry } = blob;
  const committee = await doors.committees();
  const requests = new NodeRequests(doors, blobId, tally);
  const audited = async (shard: number): Promise<AuditedShard> => {
    const axis: Axis = doors.random.below(2) === 0 ? 'primary' : 'secondary';
    const holder = holdersOf(committee, shard).at(-1);
    const since = doors.clock.monotonic();
    const result = (outcome: AuditedShard['outcome']): AuditedShard => ({
      ...{ shard, axis, nodeId: holder?.nodeId, outcome },
      ms: doors.clock.monotonic() - since,
    });
    if (holder === undefined) return result('unavailable');
    const pair = pairOfShard(shardIndex(shard, shardCount), parseBlobId(blobId), shardCount);
    const bytes = encodedSliverBytes(sliverBytes(geometry, axis));
    const outcome = await requests.ask(
      holder,
      {
        bytes,
        ask: (client, inner) => client.sliver({ pair, axis }, bytes, inner),
        check: (sliver) => {
          const { metadata } = blob;
          const place = { axis, sliverPairIndex: pair };
          return doors.verifier.verifySliver({
            ...{ blobId, shardCount, metadata, ...place, sliver, signal },
          });
        },
      },
      signal,
    );
    if ('value' in outcome) return result('right');
    const { refusal } = outcome;
    if (refusal === 'lie') return result('wrong');
    return result(refusal === 'absent' || refusal === 'blocked' ? refusal : 'unavailable');
  };
  const all = Array.from({ length: shardCount }, (_, shard) => shard);
  const shards = await Promise.all(drawn(doors.random, all, samples).map(audited));
  const rightCount = shards.filter(({ outcome }) => outcome === 'right').length;
  const leastShards = Math.max(
    rightCount,
    Math.floor(leastPart(rightCount, shards.length) * shardCount),
  );
  const { rowCount: neededShards } = geometry;
  return { blobId, shards, rightCount, leastShards, neededShards, shardCount };
}

/**
 * The part of all that is right at least, if `right` of `asked` drawn ones are: the exact bound of a binomial
 * distribution, which for a sample without repetition is on the safe side.
 */
export function leastPart(right: number, asked: number): number {
  if (right === 0) return 0;
  let [low, high] = [0, 1];
  for (let i = 0; i < 50; i++) {
    const part = (low + high) / 2;
    if (chanceOfAtLeast(right, asked, part) < DOUBT) low = part;
    else high = part;
  }
  return low;
}

/** The chance that of `asked` at least `right` are right, where each is with the chance `part`. */
function chanceOfAtLeast(right: number, asked: number, part: number): number {
  let chance = 0;
  let logChoices = 0;
  for (let k = 0; k <= asked; k++) {
    if (k > 0) logChoices += Math.log((asked - k + 1) / k);
    if (k < right) continue;
    chance += Math.exp(logChoices + k * Math.log(part) + (asked - k) * Math.log1p(-part));
  }
  return chance;
}
