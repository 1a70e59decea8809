import { parseBlobId } from '../protocol/blob-id.ts';
import type { StorageMember } from '../protocol/committee.ts';
import { HauloutError } from '../protocol/errors.ts';
import { type Geometry, geometryFor, sliverBytes } from '../protocol/geometry.ts';
import { encodedSliverBytes } from '../protocol/sliver.ts';
import { pairOfShard, shardIndex } from '../protocol/sliver-mapping.ts';
import { Holdings } from './holdings.ts';
import { type Place, SliverSet } from './node-facts.ts';
import { Pace } from './pace.ts';
import type { PutBlob, Registration, TransferDoors } from './put-types.ts';

/** What lasts over the rounds of one upload. */
export class PutState {
  readonly doors: TransferDoors;
  readonly put: PutBlob;
  readonly pace: Pace;
  /** earlier uploads go first */
  readonly number: number;
  readonly blobId: Uint8Array;
  readonly geometry: Geometry;
  readonly registered: Promise<Registration>;
  readonly #holdings = new Map<string, Holdings>();
  #registration: Registration | undefined;

  /** @throws HauloutError 'blob-id-malformed', 'shard-count-unsupported', 'blob-too-large' */
  constructor(doors: TransferDoors, put: PutBlob, shardCount: number) {
    this.doors = doors;
    this.put = put;
    this.pace = doors.pace ?? new Pace(doors.clock);
    this.number = this.pace.nextUpload();
    this.blobId = parseBlobId(put.blobId);
    this.geometry = geometryFor(shardCount, put.unencodedBytes);
    const { registration } = put;
    if (!(registration instanceof Promise)) this.#registration = registration;
    this.registered = Promise.resolve(registration);
    this.registered.then(
      (known) => {
        this.#registration = known;
      },
      () => {}, // the round ends with it
    );
    for (const nodeId of put.known?.keys() ?? []) this.holdingsOf(nodeId);
  }

  /** Undefined while the approval is open. */
  get registration(): Registration | undefined {
    return this.#registration;
  }

  holdingsOf(nodeId: string): Holdings {
    let holdings = this.#holdings.get(nodeId);
    if (holdings === undefined) {
      const { known, onFact } = this.put;
      const { shardCount } = this.geometry;
      const tell = (fact: Parameters<NonNullable<typeof onFact>>[0]) => onFact?.(fact);
      holdings = new Holdings(nodeId, shardCount, known?.get(nodeId), tell);
      this.#holdings.set(nodeId, holdings);
    }
    return holdings;
  }

  /** Everything that any node stored, also nodes that have left. */
  storedAnywhere(): SliverSet {
    const all = new SliverSet(this.geometry.shardCount);
    for (const { stored } of this.#holdings.values()) all.addAll(stored);
    return all;
  }

  /** The slivers that belong to a member's shards. */
  placesOf({ shards }: StorageMember): Place[] {
    const { shardCount } = this.geometry;
    return shards.flatMap((shard) => {
      const pair = pairOfShard(shardIndex(shard, shardCount), this.blobId, shardCount);
      return [
        { pair, axis: 'primary' },
        { pair, axis: 'secondary' },
      ] satisfies Place[];
    });
  }

  /** Length of a sliver as it travels. */
  bytesOf({ axis }: Place): number {
    return encodedSliverBytes(sliverBytes(this.geometry, axis));
  }

  /** @throws HauloutError 'argument-invalid' if another number of shards suddenly counts */
  checkShardCount(shardCount: number): void {
    if (shardCount === this.geometry.shardCount) return;
    throw new HauloutError('argument-invalid', { name: 'committee', reason: 'other shard count' });
  }
}
