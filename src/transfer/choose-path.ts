import { RELAY_LIMIT_BYTES } from '../network/relay-client.ts';
import { quorumWeight } from '../protocol/committee.ts';
import { geometryFor } from '../protocol/geometry.ts';
import { metadataBytes } from '../protocol/metadata.ts';
import type { UploadPath } from './upload-types.ts';

export interface PathQuestion {
  readonly shardCount: number;
  readonly unencodedBytes: number;
  /** storage nodes, each of which gets a copy of the metadata */
  readonly nodeCount: number;
  /** what the line takes; undefined if nothing is known */
  readonly uplinkBytesPerSecond?: number;
  /** shards of nodes that can be reached from here, as far as that was tried; undefined if it was not */
  readonly reachableWeight?: number;
  /** whether slivers can be kept or made again for as long as it takes */
  readonly slivers: boolean;
  /** undefined if there is none */
  readonly relay?: {
    readonly isHealthy: boolean;
    readonly tipMist: bigint;
    /** the most that the person agreed to pay as a tip */
    readonly approvedTipMist: bigint;
    readonly maxBytes?: number;
  };
}

export interface PathChoice {
  readonly first: UploadPath;
  /** whether the relay may be used at all */
  readonly relay: boolean;
  readonly direct: boolean;
  readonly reason:
    | 'no-relay'
    | 'relay-unhealthy'
    | 'relay-too-dear'
    | 'relay-too-small'
    | 'nodes-unreachable'
    | 'no-slivers'
    | 'uplink'
    | 'no-need';
}

/** Without a measurement: a common uplink at home. */
const UPLINK = 1_250_000;
/** what a relay needs in any case, and per byte of the blob */
const RELAY_SECONDS = 4;
const RELAY_BYTES_PER_SECOND = 20e6;
/** A relay sees the blob, costs a tip and can be down: it has to save so much time, and so many times over. */
const WORTH_SECONDS = 20;
const WORTH_TIMES = 2;

/**
 * Says which way a blob should go, which ways it may go, and why.
 *
 * @throws HauloutError 'shard-count-unsupported', 'blob-too-large'
 */
export function choosePath(question: PathQuestion): PathChoice {
  const { relay, slivers: direct, shardCount, reachableWeight } = question;
  const bar = relayBar(question);
  if (bar !== undefined) return { first: 'direct', relay: false, direct, reason: bar };
  if (!direct) return { first: 'relay', relay: true, direct, reason: 'no-slivers' };
  if (reachableWeight !== undefined && reachableWeight < quorumWeight(shardCount)) {
    return { first: 'relay', relay: true, direct, reason: 'nodes-unreachable' };
  }
  if (relay?.isHealthy !== true) {
    return { first: 'direct', relay: true, direct, reason: 'relay-unhealthy' };
  }
  const [byNodes, byRelay] = secondsFor(question);
  const isWorth = byNodes > WORTH_TIMES * byRelay && byNodes - byRelay > WORTH_SECONDS;
  return {
    first: isWorth ? 'relay' : 'direct',
    relay: true,
    direct,
    reason: isWorth ? 'uplink' : 'no-need',
  };
}

/** What speaks against the relay, whatever the nodes are like. */
function relayBar({ relay, unencodedBytes }: PathQuestion) {
  if (relay === undefined) return 'no-relay';
  if (relay.tipMist > relay.approvedTipMist) return 'relay-too-dear';
  const limit = Math.min(relay.maxBytes ?? RELAY_LIMIT_BYTES, RELAY_LIMIT_BYTES);
  return unencodedBytes > limit ? 'relay-too-small' : undefined;
}

/** Seconds until a certificate, direct and through a relay. */
function secondsFor(question: PathQuestion): [direct: number, relay: number] {
  const { shardCount, nodeCount, unencodedBytes, uplinkBytesPerSecond = UPLINK } = question;
  const { rowBytes, columnBytes } = geometryFor(shardCount, unencodedBytes);
  const all = shardCount * (rowBytes + columnBytes) + nodeCount * metadataBytes(shardCount);
  const direct = (all * quorumWeight(shardCount)) / shardCount / uplinkBytesPerSecond;
  const sending = unencodedBytes / uplinkBytesPerSecond;
  return [direct, sending + RELAY_SECONDS + unencodedBytes / RELAY_BYTES_PER_SECOND];
}
