import type { Axis } from '../protocol/axis.ts';
import type { Clock } from '../protocol/ports.ts';
import type { ChainPort } from './chain-port.ts';
import type { NodeIdentity } from './committee.ts';
import type { Disk } from './disk/disk.ts';
import type { NodeExchange } from './faults/faulty-answer.ts';
import { LinkError } from './faults/link-error.ts';
import type { FaultRuleInput } from './faults/rules.ts';
import type { NodeSettings } from './node/core.ts';
import type { CorsSettings } from './node/cors.ts';
import type { Fact } from './node/facts.ts';
import type { HealSettings } from './node/healer.ts';
import { MetadataShelf } from './node/metadata-shelf.ts';
import type { PendingLimits } from './node/pending.ts';
import { NodeSlot } from './node-slot.ts';
import { RequestLog } from './request-log.ts';
import { Signer } from './signer.ts';
import type { Verifier } from './verify/verifier.ts';

/** Where nodes learn of the chain. */
export type ChainSource =
  /** from a chain, whose nodes they are */
  | { readonly kind: 'follow'; readonly port: ChainPort }
  /** from calls of `tell` */
  | { readonly kind: 'control' };

/** What can be changed about nodes between two of their lives. */
export interface Behaviour {
  /** how late a node hears of something */
  readonly chainDelayMs: readonly [min: number, max: number];
  readonly settings: NodeSettings;
  readonly pending: PendingLimits;
  readonly cors: CorsSettings;
  readonly heal: HealSettings;
}

export interface FleetOptions extends Behaviour {
  readonly identities: readonly NodeIdentity[];
  /** each node uses the folder `nodes/<node ID>` */
  readonly disk: Disk;
  readonly clock: Clock;
  readonly seed: string;
  readonly verifier: Verifier;
  readonly source: ChainSource;
  /** In control mode: a node has all its shards of an epoch. */
  readonly onSynced?: (index: number, epoch: number) => void;
  /** A node's port opens or closes: with its life, and with the fault `refuse`. */
  readonly onPort?: (index: number, open: boolean) => Promise<void>;
  readonly log?: RequestLog;
}

/** All storage nodes of a network: their lives, their faults, and what they were asked. */
export class NodeFleet {
  readonly log: RequestLog;
  readonly slots: readonly NodeSlot[];
  readonly #shared: FleetShared;

  constructor(options: FleetOptions) {
    this.log = options.log ?? new RequestLog();
    const shared = {
      ...options,
      log: this.log,
      signer: new Signer(),
      shelf: new MetadataShelf(options.settings.shardCount),
      send: (request: Request) => this.#toPeer(request),
      otherSliver: (blobId: string, axis: Axis, pair: number) =>
        this.#otherSliver(blobId, axis, pair),
    };
    this.#shared = shared;
    this.slots = options.identities.map((identity) => new NodeSlot(identity, shared));
  }

  /** Starts all nodes. */
  async start(): Promise<void> {
    for (const slot of this.slots) await slot.start();
  }

  /** Stops all nodes as a crash would; nothing is lost that was answered as stored. */
  async stop(): Promise<void> {
    await Promise.all(this.slots.map((slot) => slot.kill()));
  }

  slot(index: number): NodeSlot {
    const slot = this.slots[index];
    if (slot === undefined) throw new RangeError(`there is no node ${index}`);
    return slot;
  }

  /**
   * One HTTP exchange with a node.
   *
   * @throws LinkError if it ends without an answer
   */
  handle(index: number, request: Request): Promise<Response> {
    return this.slot(index).handle(request, false);
  }

  /** Replaces the faults of a node. */
  setFaults(index: number, rules: readonly FaultRuleInput[]): Promise<void> {
    return this.slot(index).setFaults(rules);
  }

  /** Tells all nodes something about the chain; each hears of it in its own time. */
  tell(fact: Fact): void {
    for (const slot of this.slots) slot.tell(fact);
  }

  /** How nodes behave, apart from faults. */
  get behaviour(): Behaviour {
    return this.#shared;
  }

  /** Changes how nodes behave. Those that are alive begin new lives with it. */
  async behave(change: Behaviour): Promise<void> {
    Object.assign(this.#shared, change);
    for (const slot of this.slots) if (slot.node) await slot.restart();
  }

  /** Whether a node still has facts to hear or slivers to fetch. */
  get settling(): boolean {
    return this.slots.some((slot) => slot.settling);
  }

  /** Nodes reach each other by the address that the committee gives. */
  #toPeer(request: Request): Promise<Response> {
    const { host } = new URL(request.url);
    const slot = this.slots.find(({ networkAddress }) => networkAddress === host);
    return slot === undefined
      ? Promise.reject(new LinkError('refused'))
      : slot.handle(request, true);
  }

  async #otherSliver(blobId: string, axis: Axis, pair: number): Promise<Uint8Array | undefined> {
    for (const { node } of this.slots) {
      const other = node?.core.store.pairs(blobId, axis).find((each) => each !== pair);
      if (other !== undefined) return node?.core.store.sliver(blobId, axis, other);
    }
    return undefined;
  }
}

/** What a fleet gives to each of its nodes. */
export interface FleetShared extends Omit<FleetOptions, 'log'> {
  readonly log: RequestLog;
  readonly signer: Signer;
  readonly shelf: MetadataShelf;
  readonly send: (request: Request) => Promise<Response>;
  readonly otherSliver: NodeExchange['otherSliver'];
}
