import type { Axis } from '../../protocol/axis.ts';
import { parseBlobId } from '../../protocol/blob-id.ts';
import { quorumWeight, validityWeight } from '../../protocol/committee.ts';
import type { Geometry } from '../../protocol/geometry.ts';
import { type BlobMetadata, sliverHash, splitMetadataWithId } from '../../protocol/metadata.ts';
import type { Clock, Random } from '../../protocol/ports.ts';
import { checkSliverShape, decodeSliver, type SliverData } from '../../protocol/sliver.ts';
import {
  pairOfSliver,
  shardOfPair,
  sliverIndex as sliverIndexOf,
} from '../../protocol/sliver-mapping.ts';
import type { ChainPort, CommitteeMember } from '../chain-port.ts';
import { MetadataShelf, type OpenedMetadata } from '../node/metadata-shelf.ts';
import type { Verifier } from '../verify/verifier.ts';
import { within } from '../within.ts';
import { AggregatorError } from './errors.ts';

export interface ReadDoors {
  readonly port: ChainPort;
  readonly verifier: Verifier;
  readonly clock: Clock;
  readonly random: Random;
  readonly send: (request: Request) => Promise<Response>;
  /** a node that says nothing for so long is left, in ms */
  readonly patienceMs: number;
}

/** Metadata of a blob, verified, with what it says. */
export type OpenBlob = OpenedMetadata;

const METADATA_LANES = 3;

/** Reads single things from storage nodes. Everything is verified. */
export class NodeReads {
  readonly #doors: ReadDoors;
  #shelf: MetadataShelf | undefined;

  constructor(doors: ReadDoors) {
    this.#doors = doors;
  }

  /**
   * Finds out whether a blob is certified, from the word of more than f shards, and reads its metadata.
   *
   * @throws AggregatorError
   */
  async open(blobId: string): Promise<OpenBlob> {
    const [opened] = await Promise.all([this.#metadata(blobId), this.#certified(blobId)]);
    return opened;
  }

  /** A sliver, verified; undefined if none of its owners gives it. */
  async sliver(blob: OpenBlob, axis: Axis, index: number): Promise<SliverData | undefined> {
    const { geometry, metadata, blobId } = blob;
    const { shardCount } = geometry;
    const pair = pairOfSliver(sliverIndexOf(index, shardCount), axis, shardCount);
    const shard = shardOfPair(pair, parseBlobId(blobId), shardCount);
    const state = this.#doors.port.state();
    const owners = [state.current, state.previous].flatMap(
      (committee) => committee?.members.find(({ shards }) => shards.includes(shard)) ?? [],
    );
    for (const owner of new Map(owners.map((each) => [each.nodeId, each])).values()) {
      const answer = await this.#get(owner, `${blobId}/slivers/${pair}/${axis}`);
      if (answer?.status !== 200) continue;
      const sliver = await this.#verified(answer.bytes, geometry, metadata, axis, index);
      if (sliver !== undefined) return sliver;
    }
    return undefined;
  }

  async #verified(
    bytes: Uint8Array,
    geometry: Geometry,
    metadata: BlobMetadata,
    axis: Axis,
    index: number,
  ): Promise<SliverData | undefined> {
    try {
      const sliver = decodeSliver(bytes);
      checkSliverShape(geometry, axis, sliver, index);
      const hash = sliverHash(metadata, axis, index)?.slice();
      const data = sliver.data.slice();
      const slivers = [{ data, hash }];
      const { wrong } = await this.#doors.verifier.run({ kind: 'verify', geometry, axis, slivers });
      return wrong.length === 0 ? sliver : undefined;
    } catch {
      return undefined; // malformed: as good as none
    }
  }

  async #metadata(blobId: string): Promise<OpenBlob> {
    const { current, previous, shardCount } = this.#doors.port.state();
    this.#shelf ??= new MetadataShelf(shardCount);
    const weights = { absent: 0, blocked: 0 };
    const members = [...this.#shuffled(current.members)];
    const seen = new Set(members.map(({ nodeId }) => nodeId));
    members.push(...(previous?.members.filter(({ nodeId }) => !seen.has(nodeId)) ?? []));
    const queue = members.values();
    let found: OpenBlob | undefined;
    const lane = async () => {
      for (const member of queue) {
        if (found !== undefined) return;
        const answer = await this.#get(member, `${blobId}/metadata`);
        if (answer?.status === 404 && answer.bytes.length > 0) weights.absent += member.weight;
        if (answer?.status === 451) weights.blocked += member.weight;
        if (answer?.status !== 200) continue;
        try {
          const { metadata } = splitMetadataWithId(answer.bytes);
          found ??= this.#shelf?.verify(blobId, metadata);
        } catch {
          // a lie, or another encoding: the next node
        }
      }
    };
    await Promise.all(Array.from({ length: METADATA_LANES }, lane));
    if (found !== undefined) return found;
    const quorum = quorumWeight(shardCount);
    if (weights.absent + weights.blocked < quorum) throw new AggregatorError('BLOB_UNAVAILABLE');
    const mostly = weights.blocked > weights.absent ? 'FORBIDDEN_BLOB' : 'BLOB_NOT_FOUND';
    throw new AggregatorError(mostly);
  }

  async #certified(blobId: string): Promise<void> {
    const { current, shardCount } = this.#doors.port.state();
    const weights = { yes: 0, no: 0, invalid: 0 };
    await new Promise<void>((resolve) => {
      const work = current.members.map(async (member) => {
        const answer = await this.#get(member, `${blobId}/status`);
        const kind = answer?.status === 200 ? certification(answer.bytes) : undefined;
        if (kind !== undefined) weights[kind] += member.weight;
        if (weights.yes >= validityWeight(shardCount)) resolve();
      });
      void Promise.all(work).then(() => resolve());
    });
    if (weights.yes >= validityWeight(shardCount)) return;
    const isGone = weights.no + weights.invalid >= quorumWeight(shardCount);
    throw new AggregatorError(isGone ? 'BLOB_NOT_FOUND' : 'BLOB_UNAVAILABLE');
  }

  #get(
    { networkAddress }: CommitteeMember,
    path: string,
  ): Promise<{ status: number; bytes: Uint8Array } | undefined> {
    const { send, clock, patienceMs } = this.#doors;
    const request = new Request(`http://${networkAddress}/v1/blobs/${path}`);
    return within(clock, patienceMs, async () => {
      const response = await send(request);
      return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
    });
  }

  #shuffled(members: readonly CommitteeMember[]): CommitteeMember[] {
    const list = [...members];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.#doors.random.below(i + 1);
      [list[i], list[j]] = [list[j] as CommitteeMember, list[i] as CommitteeMember];
    }
    return list;
  }
}

/** What a blob status says of the blob's certification. Undefined if it cannot be read. */
function certification(bytes: Uint8Array): 'yes' | 'no' | 'invalid' | undefined {
  try {
    const data = JSON.parse(new TextDecoder().decode(bytes)).success.data;
    if (data === 'nonexistent') return 'no';
    if (data.invalid !== undefined) return 'invalid';
    const epoch = (data.permanent ?? data.deletable).initialCertifiedEpoch;
    return typeof epoch === 'number' ? 'yes' : 'no';
  } catch {
    return undefined;
  }
}
