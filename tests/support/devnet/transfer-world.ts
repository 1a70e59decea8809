import type { LocalNetwork } from '../../../src/devnet/network.ts';
import type { NetworkDoors, NetworkSettings } from '../../../src/devnet/network-options.ts';
import { seededRandom } from '../../../src/devnet/seeded-random.ts';
import { countedRequest } from '../../../src/network/counted-request.ts';
import { limitedTransport } from '../../../src/network/limited-transport.ts';
import type { EncodedBlob } from '../../../src/protocol/blob-summary.ts';
import type { Clock, Transport } from '../../../src/protocol/ports.ts';
import { addFact } from '../../../src/transfer/node-facts.ts';
import { Pace } from '../../../src/transfer/pace.ts';
import { putBlob } from '../../../src/transfer/put-blob.ts';
import type {
  Certified,
  NodeFacts,
  PutBlob,
  PutFact,
  PutOutcome,
  Registration,
  TransferDoors,
} from '../../../src/transfer/put-types.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { asRequest } from '../as-request.ts';
import { memoryNetwork, officialClients } from './local-network.ts';
import { encodedBlob, sliverOf } from './node-calls.ts';

export const RELAY = 'http://relay.test';

/** A local network in this process with a client's transfer part on it. */
export class TransferWorld {
  readonly network: LocalNetwork;
  readonly doors: TransferDoors;
  /** what an upload's journal would hold: facts by blob and node */
  readonly journal = new Map<string, Map<string, NodeFacts>>();
  readonly facts: PutFact[] = [];

  constructor(network: LocalNetwork, clock: Clock) {
    this.network = network;
    this.doors = {
      clock,
      transport: transportTo(network, clock),
      random: seededRandom(network.settings.seed, 'client'),
      pace: new Pace(clock),
      nodeUrl: (address) => `http://${address}`,
    };
  }

  static async open(
    change: Partial<NetworkSettings> = {},
    o: { doors?: NetworkDoors; clock?: Clock } = {},
  ): Promise<TransferWorld> {
    return new TransferWorld(await memoryNetwork(change, o.doors), o.clock ?? systemClock);
  }

  encode(bytes: number, salt = 1): Promise<EncodedBlob> {
    const { weights } = this.network.settings;
    return encodedBlob(
      bytes,
      salt,
      weights.reduce((sum, weight) => sum + weight, 0),
    );
  }

  /** Pays for a blob. */
  async register(blob: EncodedBlob, deletable = false): Promise<Required<Registration>> {
    const { walrus, signer } = officialClients(this.network);
    const { blobId, rootHash, unencodedBytes: size } = blob;
    const options = { blobId, rootHash, size, epochs: 5, deletable, signer };
    const { blob: object } = await walrus.executeRegisterBlobTransaction(options);
    return { objectId: object.id };
  }

  /** Lets the contract judge a certificate. @throws if it does not take it */
  async certify(
    blob: EncodedBlob,
    objectId: string,
    { certificate }: Certified,
    deletable = false,
  ) {
    const { walrus, signer } = officialClients(this.network);
    await walrus.executeCertifyBlobTransaction({
      ...{ blobId: blob.blobId, blobObjectId: objectId, deletable, signer },
      certificate: {
        signers: [...certificate.signers],
        serializedMessage: certificate.message,
        signature: certificate.signature,
      },
    });
  }

  /** Everything that an upload needs; what nodes took earlier is known from the journal. */
  job(blob: EncodedBlob, change: Partial<PutBlob> = {}): PutBlob {
    const { blobId, metadata, unencodedBytes, shardCount } = blob;
    const journal = this.journal.get(blobId) ?? new Map<string, NodeFacts>();
    this.journal.set(blobId, journal);
    return {
      ...{ blobId, metadata, unencodedBytes, known: journal, registration: {} },
      slivers: (pair, axis) => sliverOf(blob, axis, pair) as Uint8Array<ArrayBuffer>,
      committee: async () => this.network.life.port.state().current,
      onFact: (fact) => {
        this.facts.push(fact);
        journal.set(fact.nodeId, addFact(journal.get(fact.nodeId), fact, shardCount));
      },
      ...change,
    };
  }

  put(
    blob: EncodedBlob,
    change: Partial<PutBlob> = {},
    signal = new AbortController().signal,
  ): Promise<PutOutcome> {
    return putBlob(this.doors, this.job(blob, change), signal);
  }

  /** Stores a blob on all nodes, certified. */
  async store(bytes: number, salt = 1): Promise<EncodedBlob> {
    const blob = await this.encode(bytes, salt);
    const { objectId } = await this.register(blob);
    const outcome = await this.put(blob);
    await this.certify(blob, objectId, outcome);
    await outcome.tail;
    return blob;
  }

  /** Requests to nodes since `from`, without those among nodes. */
  requests(from = 0) {
    return this.network.fleet.log.since(from).filter(({ peer }) => !peer);
  }

  /** How often each node was sent each sliver. */
  sliverPuts(from = 0): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { method, path, node, status } of this.requests(from)) {
      if (method !== 'PUT' || !path.includes('/slivers/') || status >= 400 || status === 0)
        continue;
      const key = `${node} ${path.split('?')[0]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  close(): Promise<void> {
    return this.network.close();
  }
}

/** Reaches nodes and relay of a network without sockets. */
export function transportTo(network: LocalNetwork, clock: Clock): Transport {
  return limitedTransport((request, _, onSent) => {
    const counted = onSent === undefined ? asRequest(request) : countedRequest(request, onSent);
    const isRelay = new URL(request.url).origin === RELAY;
    return isRelay ? network.services.relay.handle(counted) : network.toNode(counted);
  }, clock);
}
