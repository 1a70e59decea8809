import { LinkError } from '../../src/devnet/faults/link-error.ts';
import type { StorageNode } from '../../src/devnet/node/storage-node.ts';
import { seededRandom } from '../../src/devnet/seeded-random.ts';
import { BlobReads } from '../../src/flows/read/blob-reads.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { limitedTransport } from '../../src/network/limited-transport.ts';
import { formatBlobId, parseBlobId } from '../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import { blobIdFor } from '../../src/protocol/merkle.ts';
import { decodeMetadata, encodeMetadata } from '../../src/protocol/metadata.ts';
import type { HttpRequest } from '../../src/protocol/ports.ts';
import { shardOfPair, sliverPairIndex } from '../../src/protocol/sliver-mapping.ts';
import { Pace } from '../../src/transfer/pace.ts';
import { NodeHealth } from '../../src/transfer/read/node-health.ts';
import { openBlob } from '../../src/transfer/read/open-blob.ts';
import {
  type OpenBlob,
  type ReadCommittee,
  type ReadDoors,
  ReadTally,
} from '../../src/transfer/read/read-types.ts';
import { systemClock } from '../../src/workers/doors.ts';
import { asRequest } from './as-request.ts';
import { blobBytes, sliverOf } from './devnet/node-calls.ts';
import { kernelModule } from './devnet/test-fleet.ts';
import { TransferWorld } from './devnet/transfer-world.ts';
import { kernelEncode } from './kernel-blob.ts';
import { kernelVerifier } from './kernel-verifier.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface LabBlob {
  readonly encoded: EncodedBlob;
  readonly blobId: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a test does to a request before nodes get it: an answer of its own, or nothing. */
export type Interceptor = (
  request: HttpRequest,
  signal: AbortSignal,
) => Promise<Response> | undefined;

/** What never comes. */
export const NEVER = () => new Promise<never>(() => undefined);

/**
 * Readers on a clock that stands still but for what they wait for, over a local network in this process: a read that has
 * to wait for nobody takes no time at all.
 */
export class ReadLab {
  readonly world: TransferWorld;
  readonly clock = new VirtualClock();
  #salt = 0;
  #committee: ReadCommittee | undefined;

  private constructor(world: TransferWorld) {
    this.world = world;
  }

  static async open(weights: readonly number[]): Promise<ReadLab> {
    return new ReadLab(await TransferWorld.open({ weights }, { clock: systemClock }));
  }

  /** Brings a blob to all nodes. */
  async store(length: number): Promise<LabBlob> {
    return this.storeBytes(blobBytes(length, ++this.#salt));
  }

  /** Brings these bytes to all nodes. */
  async storeBytes(bytes: Uint8Array<ArrayBuffer>): Promise<LabBlob> {
    const shardCount = this.world.network.settings.weights.reduce((sum, each) => sum + each, 0);
    const encoded = kernelEncode(new Kernel(await kernelModule()), shardCount, bytes);
    await this.#place(encoded);
    return { encoded, blobId: encoded.blobId, bytes };
  }

  /** Brings two blobs under one ID to all nodes: the pairs before `from` are of one, the others of the other. */
  async storeMixed(length: number, from: number): Promise<LabBlob> {
    const one = await this.world.encode(length, ++this.#salt);
    const other = await this.world.encode(length, ++this.#salt);
    const metadata = decodeMetadata(one.metadata);
    const pairHashes = metadata.pairHashes.slice();
    pairHashes.set(decodeMetadata(other.metadata).pairHashes.subarray(from * 64), from * 64);
    const mixed = { ...metadata, pairHashes };
    const { rootHash, blobId } = blobIdFor(mixed);
    const pairs = (of: (blob: EncodedBlob) => EncodedBlob['primarySlivers']) => [
      ...of(one).slice(0, from),
      ...of(other).slice(from),
    ];
    const encoded = {
      ...one,
      ...{ rootHash, blobId: formatBlobId(blobId), metadata: encodeMetadata(mixed) },
      primarySlivers: pairs(({ primarySlivers }) => primarySlivers),
      secondarySlivers: pairs(({ secondarySlivers }) => secondarySlivers),
    };
    await this.#place(encoded);
    return { encoded, blobId: encoded.blobId, bytes: blobBytes(length, this.#salt - 1) };
  }

  /** Registers a blob, and gives each node what an upload would have brought it: with many shards that takes long. */
  async #place(blob: EncodedBlob): Promise<void> {
    const { blobId, metadata, shardCount } = blob;
    const { network } = this.world;
    await this.world.register(blob);
    for (const slot of network.nodes) {
      const { store, shards, registry } = (slot.node as StorageNode).core;
      while (!registry.isRegistered(blobId)) await new Promise((done) => setImmediate(done));
      await store.putMetadata(blobId, metadata);
      for (let pair = 0; pair < shardCount; pair++) {
        if (
          !shards.holds(
            shardOfPair(sliverPairIndex(pair, shardCount), parseBlobId(blobId), shardCount),
          )
        )
          continue;
        for (const axis of ['primary', 'secondary'] as const) {
          await store.putSliver(blobId, axis, pair, sliverOf(blob, axis, pair));
        }
      }
    }
  }

  /** What a reader that knows nothing yet stands on. */
  doors(intercept: Interceptor = () => undefined): ReadDoors {
    const { clock, world } = this;
    return {
      ...{ clock, verifier: kernelVerifier },
      transport: limitedTransport(
        (request, signal) =>
          intercept(request, signal) ??
          world.network.toNode(asRequest(request)).catch((error: unknown) => {
            throw error instanceof LinkError ? new TypeError('fetch failed') : error;
          }),
        clock,
      ),
      random: seededRandom('lab', 'reader'),
      committees: async () => this.committee,
      health: new NodeHealth(clock),
      pace: new Pace(clock),
      nodeUrl: (address) => `http://${address}`,
    };
  }

  /** Whom readers ask now; the same one as long as the epoch lasts. */
  get committee(): ReadCommittee {
    const { current } = this.world.network.life.port.state();
    if (this.#committee?.current.epoch !== current.epoch)
      this.#committee = { current, leaving: [] };
    return this.#committee as ReadCommittee;
  }

  reads(intercept?: Interceptor, change: Partial<ReadDoors> = {}): BlobReads {
    const doors = { ...this.doors(intercept), ...change };
    return new BlobReads(() => doors);
  }

  /** host:port of a node. */
  host(node: number): string {
    return this.world.network.nodes[node]?.networkAddress ?? '';
  }

  /** Requests to these nodes are not heard. */
  silent(nodes: readonly number[]): Interceptor {
    const hosts = nodes.map((node) => this.host(node));
    return ({ url }) => (hosts.includes(new URL(url).host) ? NEVER() : undefined);
  }

  /** Reads what a read begins with. */
  open(doors: ReadDoors, blobId: string): Promise<OpenBlob> {
    return this.clock.drive(openBlob(doors, blobId, new ReadTally(), new AbortController().signal));
  }

  /** Runs work, and tells how long it took on the reader's clock. */
  async timed<T>(work: Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
    const since = this.clock.monotonic();
    const value = await this.clock.drive(work);
    return { value, ms: this.clock.monotonic() - since };
  }

  close(): Promise<void> {
    return this.world.close();
  }
}
