import { type ServedNetwork, serveNetwork } from '../../src/devnet/served-network.ts';
import { createHaulout, type Haulout, type HauloutPorts } from '../../src/index.ts';
import { systemClock } from '../../src/workers/doors.ts';
import { memoryDoors, officialClients, SEED } from './devnet/local-network.ts';
import { blobBytes } from './devnet/node-calls.ts';
import { TransferWorld } from './devnet/transfer-world.ts';
import { encoder } from './flows/local-client.ts';

export interface KnownBlob {
  readonly blobId: string;
  readonly bytes: Uint8Array;
}

/** A local network on ports with blobs that every node has all of, and clients that read them. */
export class ReadWorld {
  readonly served: ServedNetwork;
  readonly #transfer: TransferWorld;
  #salt = 0;

  private constructor(served: ServedNetwork) {
    this.served = served;
    this.#transfer = new TransferWorld(served.network, systemClock);
  }

  static async open(weights: readonly number[]): Promise<ReadWorld> {
    const heal = { deferMs: 0, retryMs: 20 };
    const settings = { weights, seed: SEED, chainDelayMs: [0, 0], heal } as const;
    const doors = await memoryDoors();
    return new ReadWorld(await serveNetwork({ settings, doors, basePort: 0, adminToken: SEED }));
  }

  /** A client that knows nothing yet. */
  client(ports: HauloutPorts = {}): Haulout {
    return createHaulout({
      network: this.served.description,
      ...{ encoder, verifier: encoder },
      ...ports,
    });
  }

  /** Stores a blob with the official package. */
  storeOfficially(length: number): Promise<KnownBlob> {
    return this.storeBytes(blobBytes(length, ++this.#salt));
  }

  async storeBytes(blob: Uint8Array<ArrayBuffer>): Promise<KnownBlob> {
    const { walrus, signer } = officialClients(this.served.network);
    const { blobId } = await walrus.writeBlob({ blob, deletable: false, epochs: 5, signer });
    return { blobId, bytes: blob };
  }

  /** Stores a blob on all nodes. */
  async store(length: number): Promise<KnownBlob> {
    const { blobId } = await this.#transfer.store(length, ++this.#salt);
    return { blobId, bytes: blobBytes(length, this.#salt) };
  }

  /** Requests to nodes since `from`, without those among nodes. */
  requests(from = 0) {
    return this.#transfer.requests(from);
  }

  get logEnd(): number {
    return this.served.network.fleet.log.next;
  }

  async healAll(): Promise<void> {
    for (const slot of this.served.network.nodes) await slot.setFaults([]);
  }

  close(): Promise<void> {
    return this.served.close();
  }
}
