import type { ChainPort } from './chain-port.ts';
import type { NodeIdentity } from './committee.ts';
import { type Disk, subdisk } from './disk/disk.ts';
import { FaultEngine } from './faults/engine.ts';
import { faultyAnswer } from './faults/faulty-answer.ts';
import { LinkError } from './faults/link-error.ts';
import type { FaultAction, FaultRuleInput } from './faults/rules.ts';
import type { FleetShared } from './fleet.ts';
import { BlobStore } from './node/blob-store.ts';
import { counted } from './node/body.ts';
import { FactFeed } from './node/fact-feed.ts';
import type { Fact } from './node/facts.ts';
import { followChain } from './node/follow-chain.ts';
import { StorageNode } from './node/storage-node.ts';
import { TurnQueue } from './node/turn-queue.ts';
import { seededRandom } from './seeded-random.ts';

const VOTE_RETRY_MS = 1_000;
const VOTE_TRIES = 5;

/** One life of a node, with all that ends with it. */
interface Life {
  readonly node: StorageNode;
  readonly feed: FactFeed;
  readonly gone: Promise<void>;
  end(): void;
}

/** The place of one storage node in a network: it starts and ends the node's lives, and stands in front of them. */
export class NodeSlot {
  readonly identity: NodeIdentity;
  readonly engine: FaultEngine;
  /** host:port under which the others know it */
  networkAddress: string;
  readonly #shared: FleetShared;
  readonly #turns = new TurnQueue();
  #life: Life | undefined;
  #lives = 0; // grows with each start and each end
  #told: { fact: Fact; sequence: number }[] = [];
  #next = 0;

  constructor(identity: NodeIdentity, shared: FleetShared) {
    this.identity = identity;
    this.#shared = shared;
    this.engine = new FaultEngine(seededRandom(shared.seed, `faults of node ${identity.index}`));
    this.networkAddress = `${identity.name}.test:9185`;
  }

  /** The node, while it is alive. */
  get node(): StorageNode | undefined {
    return this.#life?.node;
  }

  get settling(): boolean {
    const life = this.#life;
    return life !== undefined && (life.feed.waiting > 0 || life.node.healing);
  }

  /** Begins a life, unless there is one. */
  start(): Promise<void> {
    return this.#turns.run('life', () => this.#start());
  }

  async #start(): Promise<void> {
    if (this.#life !== undefined) return;
    const { identity, engine } = this;
    const { clock, seed, verifier, signer, shelf, send, source, onPort } = this.#shared;
    const life = this.#lives++;
    const random = (what: string) =>
      seededRandom(seed, `${what} of node ${identity.index}, life ${life}`);
    const node = await StorageNode.start({
      ...this.#shared,
      identity,
      disk: this.#disk,
      doors: { clock, random: random('chance'), verifier, signer, shelf, send },
      onSynced: (epoch) => this.#synced(epoch),
    });
    const feed = new FactFeed({
      clock,
      random: random('chain delay'),
      delayMs: this.#shared.chainDelayMs,
      lagMs: () => engine.standing('lag')?.ms ?? 0,
      learn: (fact, sequence) => node.learn(fact, sequence),
    });
    const ends: (() => void)[] = [];
    const gone = new Promise<void>((resolve) => ends.push(resolve));
    const end = () => {
      for (const each of ends) each();
      feed.stop();
      node.stop();
    };
    this.#life = { node, feed, gone, end };
    if (source.kind === 'follow') {
      const from = { sequence: node.nextSequence, knownEpoch: node.core.registry.epoch };
      ends.push(followChain(source.port, from, (...fact) => feed.push(...fact)));
    }
    // What was told while the node was down, or what it had not heard when it died.
    for (const { fact, sequence } of this.#told) {
      if (sequence >= node.nextSequence) feed.push(fact, sequence, false);
    }
    if (engine.standing('refuse') === undefined) await onPort?.(identity.index, true);
  }

  /** Ends the node at once: what is in memory is lost, connections break. */
  kill(): Promise<void> {
    this.#lives += 1;
    return this.#turns.run('life', () => this.#kill());
  }

  async #kill(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    life?.end();
    if (life !== undefined) await this.#shared.onPort?.(this.identity.index, false);
  }

  /** A new life after `ms`, on the same disk, unless somebody starts or kills it before. */
  async restart(ms = 0): Promise<void> {
    const killed = this.kill();
    const lives = this.#lives;
    await killed;
    if (ms > 0) await this.#shared.clock.sleep(ms);
    if (this.#lives === lives) await this.start();
  }

  /** Removes all slivers and metadata, as if the disk were a new one. */
  wipe(): Promise<void> {
    return this.#turns.run('life', async () => {
      if (this.#life) await this.#life.node.wipe();
      else await new BlobStore(this.#disk).wipe();
    });
  }

  get #disk(): Disk {
    return subdisk(this.#shared.disk, `nodes/${this.identity.nodeId}`);
  }

  async setFaults(rules: readonly FaultRuleInput[]): Promise<void> {
    const wasOpen = this.engine.standing('refuse') === undefined;
    this.engine.setRules(rules);
    const isOpen = this.engine.standing('refuse') === undefined;
    if (this.#life === undefined || wasOpen === isOpen) return;
    await this.#shared.onPort?.(this.identity.index, isOpen);
  }

  /**
   * Tells the node something about the chain, which it hears after a delay. Where it follows one, the chain knows nothing
   * of it, and a node that is down will not hear of it.
   */
  tell(fact: Fact): void {
    if (this.#shared.source.kind === 'follow') {
      this.#life?.feed.push(fact, undefined);
      return;
    }
    const sequence = this.#next++;
    this.#told.push({ fact, sequence });
    this.#life?.feed.push(fact, sequence);
  }

  /** One exchange, as faults have it. @throws LinkError */
  async handle(incoming: Request, peer: boolean): Promise<Response> {
    const { request, bytesIn } = counted(incoming);
    const { clock, log } = this.#shared;
    const t = clock.wall();
    const begin = clock.monotonic();
    const end = log.begin(this.identity.index);
    const { pathname, search } = new URL(request.url);
    let fault: FaultAction | undefined;
    const note = (status: number, bytesOut: number) =>
      end({
        t,
        method: request.method,
        path: pathname + search,
        status,
        bytesIn: bytesIn(),
        bytesOut,
        ms: clock.monotonic() - begin,
        fault: fault?.type ?? null,
        peer,
      });
    try {
      const life = this.#life;
      if (life === undefined) throw new LinkError('refused');
      const found = life.node.route(request);
      const route = found instanceof Response ? undefined : found;
      fault = this.engine.pick(request.method, route);
      const response =
        fault !== undefined
          ? await this.#faulty(life, request, found, fault)
          : found instanceof Response
            ? found
            : await life.node.answer(request, found);
      if (this.#life !== life) throw new LinkError('reset'); // it died meanwhile
      note(response.status, Number(response.headers.get('content-length') ?? 0));
      return response;
    } catch (error) {
      note(0, 0);
      throw error;
    }
  }

  async #faulty(
    life: Life,
    request: Request,
    found: ReturnType<StorageNode['route']>,
    fault: FaultAction,
  ): Promise<Response> {
    const { clock, otherSliver } = this.#shared;
    const { node, gone } = life;
    const restart = (ms: number) => void this.restart(ms).catch(() => undefined);
    const exchange = { request, faults: this.engine, clock, gone, restart, node, otherSliver };
    // A request without a route meets only faults that do not ask what it is about.
    if (found instanceof Response) {
      return faultyAnswer({ ...exchange, answer: async () => found }, fault);
    }
    const answer = (asked: Request, mode = {}) => node.answer(asked, found, mode);
    return faultyAnswer({ ...exchange, route: found, answer }, fault);
  }

  #synced(epoch: number): void {
    const { source, onSynced } = this.#shared;
    if (source.kind === 'follow') void this.#vote(source.port, epoch);
    else onSynced?.(this.identity.index, epoch);
  }

  /** Tells the chain that all shards of the epoch are here, as often as it takes to be heard. */
  async #vote(port: ChainPort, epoch: number): Promise<void> {
    const life = this.#lives;
    const { nodeId } = this.identity;
    const call = { kind: 'epoch-sync-done', nodeId, epoch } as const;
    // The contract refuses a second vote: a few tries tell that from a passing failure.
    for (let left = VOTE_TRIES; left > 0; left--) {
      const result = await port.submit(call).catch(() => undefined);
      if (result !== undefined && result.failure === undefined) return;
      await this.#shared.clock.sleep(VOTE_RETRY_MS);
      if (this.#lives !== life || port.state().epoch !== epoch) return;
      if (result === undefined) left += 1; // the chain is away
    }
  }
}
