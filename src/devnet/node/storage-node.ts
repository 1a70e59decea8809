import type { NodeIdentity } from '../committee.ts';
import type { Disk } from '../disk/disk.ts';
import { BlobStore } from './blob-store.ts';
import type { Mode, NodeCore, NodeDoors, NodeSettings } from './core.ts';
import { addCors, type CorsSettings, preflightReply } from './cors.ts';
import { type Fact, formatFact, parseFacts, type SeenFact } from './facts.ts';
import { flushPending } from './flush-pending.ts';
import { type HandleState, handleRoute } from './handle.ts';
import { Healer, type HealSettings } from './healer.ts';
import { health } from './health.ts';
import { PendingCache, type PendingLimits } from './pending.ts';
import { RegistrationWaiters } from './registration-waiters.ts';
import { Registry } from './registry.ts';
import { errorReply } from './reply.ts';
import { flagOf, type Route, routeOf } from './route.ts';
import { ShardTable } from './shard-table.ts';
import { TurnQueue } from './turn-queue.ts';

const FACTS = 'chain.jsonl';

export interface StorageNodeOptions {
  readonly identity: NodeIdentity;
  /** of this node alone */
  readonly disk: Disk;
  readonly doors: NodeDoors;
  readonly settings: NodeSettings;
  readonly pending: PendingLimits;
  readonly cors: CorsSettings;
  readonly heal: HealSettings;
  /** All shards of an epoch are in their place: the node's vote to end the change. */
  onSynced(epoch: number): void;
}

/** One life of a storage node, from start to stop. What it must not forget is on its disk. */
export class StorageNode {
  readonly core: NodeCore;
  readonly #options: StorageNodeOptions;
  readonly #healer: Healer;
  readonly #state: HandleState = { symbolRequests: 0 };
  readonly #turns = new TurnQueue();
  #learned = 0;
  #nextSequence = 0;
  #torn = false; // whether the last line on the disk may be a part of one

  private constructor(options: StorageNodeOptions) {
    const { identity, disk, doors, settings, pending } = options;
    this.#options = options;
    this.core = {
      identity,
      settings,
      doors,
      registry: new Registry(settings.open),
      store: new BlobStore(disk),
      pending: new PendingCache(pending, doors.clock),
      shards: new ShardTable(disk),
      waiters: new RegistrationWaiters(doors.clock, settings.longPolls),
      startedAt: doors.clock.monotonic(),
      inTurn: (key, work) => this.#turns.run(key, work),
    };
    this.#healer = new Healer(this.core, options.heal, (epoch) => options.onSynced(epoch));
  }

  /** Starts a node from what is on its disk. */
  static async start(options: StorageNodeOptions): Promise<StorageNode> {
    const node = new StorageNode(options);
    await node.core.store.load();
    await node.core.shards.load();
    await node.#recall();
    node.#healer.start();
    return node;
  }

  /** The first event of the chain that the node has not seen. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  get healing(): boolean {
    return this.#healer.busy;
  }

  /** Takes note of a fact, for ever, and acts on it. Facts are taken in the order of the calls. */
  learn(fact: Fact, sequence?: number): Promise<void> {
    return this.#turns.run('facts', async () => {
      const seen: SeenFact = sequence === undefined ? fact : { ...fact, sequence };
      await this.#note(formatFact(seen));
      this.#apply(seen);
      await this.#act(fact);
    });
  }

  /** Notes that events up to `sequence` held nothing for this node. */
  skip(sequence: number): void {
    this.#nextSequence = Math.max(this.#nextSequence, sequence + 1);
  }

  /** Finds the route of a request; what cannot be routed is answered at once. */
  route(request: Request): Route | Response {
    if (request.method === 'OPTIONS') return preflightReply(this.#options.cors);
    try {
      return routeOf(request.method, new URL(request.url));
    } catch (error) {
      return this.finish(request, errorReply(error));
    }
  }

  /** Answers a request. Never rejects. */
  async answer(request: Request, route: Route, mode: Mode = {}): Promise<Response> {
    try {
      if (route.name === 'health') {
        const detailed = flagOf(route.query, 'detailed');
        return this.finish(request, health(this.core, this.#learned, detailed));
      }
      return this.finish(request, await handleRoute(this.core, this.#state, request, route, mode));
    } catch (error) {
      return this.finish(request, errorReply(error));
    }
  }

  /** The last touches that all answers get. */
  finish(request: Request, response: Response): Response {
    addCors(response, this.#options.cors);
    if (request.method !== 'HEAD') return response;
    void response.body?.cancel();
    return new Response(null, { status: response.status, headers: response.headers });
  }

  /** Drops what waits for registration. */
  evict(): void {
    this.core.pending.evict();
  }

  /** Loses all slivers and metadata, as with a new disk; the healer fetches them again. */
  async wipe(): Promise<void> {
    await this.core.store.wipe();
    this.#healer.checkAll();
  }

  /** Ends this life; what was in memory is lost. */
  stop(): void {
    this.#healer.stop();
    this.core.pending.evict();
  }

  async #recall(): Promise<void> {
    const { disk } = this.#options;
    const bytes = (await disk.read(FACTS)) ?? new Uint8Array();
    const { facts, wholeBytes } = parseFacts(bytes);
    if (wholeBytes < bytes.length) await disk.write(FACTS, bytes.subarray(0, wholeBytes));
    for (const fact of facts) this.#apply(fact);
    const { current, previous } = this.core.registry;
    if (current.members.length > 0) await this.#enter(current.epoch, previous !== undefined);
  }

  /** Adds a line to the facts on the disk. What a failed attempt left behind is cut off first. */
  async #note(line: Uint8Array): Promise<void> {
    const { disk } = this.#options;
    if (this.#torn) {
      const bytes = (await disk.read(FACTS)) ?? new Uint8Array();
      await disk.write(FACTS, bytes.subarray(0, parseFacts(bytes).wholeBytes));
    }
    this.#torn = true;
    await disk.append(FACTS, line);
    this.#torn = false;
  }

  #apply(fact: SeenFact): void {
    this.core.registry.apply(fact);
    this.#learned += 1;
    if (fact.sequence !== undefined) this.skip(fact.sequence);
  }

  async #act(fact: Fact): Promise<void> {
    switch (fact.type) {
      case 'registered':
        await flushPending(this.core, fact.blobId);
        this.core.waiters.wake(fact.blobId);
        return;
      case 'certified':
        this.#healer.checkLater(fact.blobId);
        return;
      case 'invalid':
        await this.core.store.removeBlob(fact.blobId);
        return;
      case 'epoch':
        await this.#enter(fact.current.epoch, fact.previous !== undefined);
        if (fact.state === 'done') {
          await this.#healer.dropLostShards();
          await this.#dropEnded();
        }
        return;
    }
  }

  /** Makes room: blobs that have expired, or whose last object was deleted. */
  async #dropEnded(): Promise<void> {
    const { store, registry } = this.core;
    for (const blobId of store.blobs()) {
      if (!registry.isRegistered(blobId)) await store.removeBlob(blobId);
    }
  }

  async #enter(epoch: number, hasPrevious: boolean): Promise<void> {
    const { shards, registry, identity } = this.core;
    if (registry.current.epoch !== epoch) return;
    await shards.enter(registry.current, identity.nodeId, hasPrevious);
    this.#healer.enterEpoch();
  }
}
