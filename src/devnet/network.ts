import { Aggregator, DEFAULT_AGGREGATOR } from './aggregator/aggregator.ts';
import { ChainLife } from './chain-life.ts';
import { assignShards, makeIdentities, type NodeIdentity } from './committee.ts';
import { Epochs } from './epochs.ts';
import { LinkError } from './faults/link-error.ts';
import { NodeFleet } from './fleet.ts';
import {
  type NetworkDoors,
  type NetworkSettings,
  SERVICE_NAMES,
  type ServiceName,
} from './network-options.ts';
import { DEFAULT_SETTINGS } from './node/core.ts';
import { DEFAULT_HEAL } from './node/healer.ts';
import { PENDING_ON } from './node/pending.ts';
import type { NodeSlot } from './node-slot.ts';
import { parseTip, type Tip } from './relay/tip.ts';
import { DEFAULT_RELAY, type RelaySettings, UploadRelay } from './relay/upload-relay.ts';
import { seededRandom } from './seeded-random.ts';
import { type Service, ServiceSlot } from './service/service-slot.ts';
import { seededKey } from './sui/faucet.ts';

/** Nodes, chain, faucet, relay and aggregator that belong together, all in this process. */
export class LocalNetwork {
  readonly settings: NetworkSettings;
  readonly life: ChainLife;
  readonly epochs: Epochs;
  readonly services: Readonly<Record<ServiceName, ServiceSlot>>;
  /** where tips go */
  readonly tipAddress: string;
  relaySettings: RelaySettings;
  aggregatorSettings = DEFAULT_AGGREGATOR;
  readonly #doors: NetworkDoors;
  readonly #identities: readonly NodeIdentity[];
  readonly #end = new AbortController();
  #fleet: NodeFleet | undefined;

  private constructor(settings: NetworkSettings, doors: NetworkDoors) {
    const { seed, chance = seed, weights, nodeAddresses } = settings;
    this.settings = settings;
    this.#doors = doors;
    const shards = assignShards(
      weights,
      settings.shuffle ? seededRandom(seed, 'shards') : undefined,
    );
    this.#identities = makeIdentities(seed, weights.length);
    const nodes = this.#identities.map((identity, i) => ({
      ...identity,
      shards: shards[i] ?? [],
      networkAddress: nodeAddresses?.[i] ?? `${identity.name}.test:9185`,
    }));
    this.life = new ChainLife(settings, doors, nodes);
    this.epochs = new Epochs(this.life, seed);
    this.tipAddress = seededKey(seed, 'relay').toSuiAddress();
    const tip = parseTip(settings.tip ?? 'none', this.tipAddress);
    if (tip === undefined) throw new RangeError(`not a tip: ${settings.tip}`);
    this.relaySettings = { ...DEFAULT_RELAY, ...settings.relay, tip };
    this.aggregatorSettings = { ...DEFAULT_AGGREGATOR, ...settings.aggregator };
    const starts: Record<ServiceName, () => Promise<Service>> = {
      rpc: () => this.life.start(),
      faucet: async () => this.life.faucet(),
      relay: async () => this.#relay(),
      aggregator: async () => this.#aggregator(),
    };
    const slotOf = (name: ServiceName) => {
      const { clock, onServicePort } = doors;
      const random = seededRandom(chance, `faults of ${name}`);
      const onPort = onServicePort && ((open: boolean) => onServicePort(name, open));
      const options = { name, clock, random, start: starts[name] };
      return new ServiceSlot(onPort ? { ...options, onPort } : options);
    };
    this.services = Object.fromEntries(SERVICE_NAMES.map((name) => [name, slotOf(name)])) as Record<
      ServiceName,
      ServiceSlot
    >;
  }

  /** Starts a network, or goes on with the one that is on the disk and in the log. */
  static async open(settings: NetworkSettings, doors: NetworkDoors): Promise<LocalNetwork> {
    const network = new LocalNetwork(settings, doors);
    await network.services.rpc.start();
    network.#fleet = network.#makeFleet();
    await network.#fleet.start();
    for (const name of SERVICE_NAMES) await network.services[name].start();
    if (settings.autoEpochs) void network.epochs.run(doors.clock, network.#end.signal);
    return network;
  }

  get fleet(): NodeFleet {
    if (this.#fleet === undefined) throw new Error('the network is not started');
    return this.#fleet;
  }

  get nodes(): readonly NodeSlot[] {
    return this.fleet.slots;
  }

  get clock() {
    return this.#doors.clock;
  }

  /** Ends everything as a crash would; nothing is lost that was answered as stored. The doors stay open. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.fleet.stop();
    for (const name of [...SERVICE_NAMES].reverse()) await this.services[name].kill();
  }

  /** One exchange with a storage node, by the address that it has on chain. @throws LinkError */
  toNode(request: Request): Promise<Response> {
    const { host } = new URL(request.url);
    const slot = this.nodes.find(({ networkAddress }) => networkAddress === host);
    if (slot === undefined) return Promise.reject(new LinkError('refused'));
    return slot.handle(request, false);
  }

  setTip(tip: Tip): Promise<void> {
    this.relaySettings = { ...this.relaySettings, tip };
    return this.services.relay.restart();
  }

  #makeFleet(): NodeFleet {
    const { settings } = this;
    const { clock, disk, verifier, onNodePort } = this.#doors;
    const { weights, seed, chance = seed, nodeAddresses } = settings;
    const shardCount = weights.reduce((sum, weight) => sum + weight, 0);
    const fleet = new NodeFleet({
      identities: this.#identities,
      disk,
      clock,
      seed: chance,
      verifier,
      source: { kind: 'follow', port: this.life.port },
      chainDelayMs: settings.chainDelayMs ?? [300, 1_500],
      settings: { ...DEFAULT_SETTINGS, shardCount, ...settings.node },
      pending: settings.pending ?? PENDING_ON,
      cors: settings.cors ?? {},
      heal: { ...DEFAULT_HEAL, ...settings.heal },
      ...(onNodePort ? { onPort: onNodePort } : {}),
    });
    fleet.slots.forEach((slot, i) => {
      slot.networkAddress = nodeAddresses?.[i] ?? slot.networkAddress;
    });
    return fleet;
  }

  #relay(): Service {
    const { clock, codec } = this.#doors;
    const send = (request: Request) => this.toNode(request);
    const now = () => this.life.chain.now();
    const relay = new UploadRelay(
      { port: this.life.port, codec, clock, send, now },
      this.relaySettings,
    );
    return relay;
  }

  #aggregator(): Service {
    const { clock, codec, verifier } = this.#doors;
    const { seed, chance = seed } = this.settings;
    const random = seededRandom(chance, 'aggregator');
    return new Aggregator(
      {
        ...{ port: this.life.port, codec, clock, verifier, random, patienceMs: 30_000 },
        send: (request) => this.toNode(request),
        blobObject: (objectId) => this.life.port.blobObject(objectId),
      },
      this.aggregatorSettings,
    );
  }
}
