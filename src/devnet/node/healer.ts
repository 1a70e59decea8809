import { type NodeCore, pairOf } from './core.ts';
import { healBlob, isWhole } from './heal-blob.ts';
import { shardsOf } from './shard-table.ts';

export interface HealSettings {
  /** wait after a certification before slivers that nobody sent are recovered */
  readonly deferMs: number;
  /** wait before each sliver that is brought here */
  readonly sliverMs: number;
  /** first wait after a round that did not bring everything; doubles up to 32 times */
  readonly retryMs: number;
}

export const DEFAULT_HEAL: HealSettings = { deferMs: 15_000, sliverMs: 0, retryMs: 1_000 };

const MAX_BACKOFF = 32;

/**
 * Keeps a node complete: of every certified blob it must have the slivers of all its shards. One blob after another,
 * again and again until nothing is missing.
 */
export class Healer {
  readonly #core: NodeCore;
  readonly #settings: HealSettings;
  readonly #onSynced: (epoch: number) => void;
  readonly #life = new AbortController();
  readonly #due = new Set<string>();
  #running = false;
  #waiting = 0;
  #syncedEpoch = 0;

  constructor(core: NodeCore, settings: HealSettings, onSynced: (epoch: number) => void) {
    this.#core = core;
    this.#settings = settings;
    this.#onSynced = onSynced;
  }

  /** whether something is known to be missing, or a check is to come */
  get busy(): boolean {
    return this.#running || this.#waiting > 0;
  }

  start(): void {
    this.checkAll();
  }

  stop(): void {
    this.#life.abort();
  }

  /** Looks after one blob when its writer has had time to send everything. */
  checkLater(blobId: string): void {
    this.#waiting += 1;
    this.#sleep(this.#settings.deferMs).then(
      () => {
        this.#waiting -= 1;
        this.#due.add(blobId);
        this.#pump();
      },
      () => undefined, // the node stopped
    );
  }

  /** Looks after all blobs now. */
  checkAll(): void {
    for (const blobId of this.#core.registry.certifiedBlobs()) this.#due.add(blobId);
    this.#pump();
  }

  /** The committee changed: shards that were gained have to be filled. */
  enterEpoch(): void {
    this.checkAll();
  }

  /** Forgets the shards that others have now. */
  async dropLostShards(): Promise<void> {
    const { shards, store } = this.#core;
    const lost = shards.withStatus('readOnly');
    if (lost.length === 0) return;
    for (const blobId of store.blobs()) {
      for (const shard of lost) await store.removePair(blobId, pairOf(this.#core, blobId, shard));
    }
    await shards.remove(lost);
  }

  #pump(): void {
    if (this.#running || this.#life.signal.aborted) return;
    this.#running = true;
    this.#work().then(
      () => {
        this.#running = false;
      },
      () => {
        this.#running = false; // the node stopped
      },
    );
  }

  async #work(): Promise<void> {
    for (let backoff = 1; ; backoff = Math.min(backoff * 2, MAX_BACKOFF)) {
      const failed: string[] = [];
      for (const blobId of this.#due) {
        this.#due.delete(blobId);
        if (!(await this.#heal(blobId))) failed.push(blobId);
      }
      for (const blobId of failed) this.#due.add(blobId);
      if (failed.length === 0 && (await this.#markReady())) return;
      if (failed.length > 0) await this.#sleep(this.#settings.retryMs * backoff);
    }
  }

  async #heal(blobId: string): Promise<boolean> {
    const { registry, identity } = this.#core;
    const shards = shardsOf(registry.current, identity.nodeId);
    if (!registry.isCertified(blobId)) return true;
    if (isWhole(this.#core, blobId, shards)) return true;
    const { sliverMs } = this.#settings;
    return healBlob(this.#core, blobId, shards, {
      lanes: sliverMs > 0 ? 1 : Number.POSITIVE_INFINITY,
      pause: async ({ shards: owners, byRecovery }) => {
        if (sliverMs > 0) await this.#sleep(sliverMs * owners.length);
        this.#life.signal.throwIfAborted();
        const { shards: table } = this.#core;
        const begun = owners.filter((shard) => table.status(shard) === 'inTransfer');
        if (byRecovery) await table.set(begun, 'inRecovery');
      },
    });
  }

  /** Everything is here. @returns false if that changed in the meantime */
  async #markReady(): Promise<boolean> {
    const { shards, registry } = this.#core;
    const filled = [...shards.withStatus('inTransfer'), ...shards.withStatus('inRecovery')];
    await shards.set(filled, 'ready');
    if (this.#due.size > 0) return false;
    const { epoch } = shards;
    if (epoch > this.#syncedEpoch && registry.epochState === 'sync' && epoch === registry.epoch) {
      this.#syncedEpoch = epoch;
      this.#onSynced(epoch);
    }
    return true;
  }

  async #sleep(ms: number): Promise<void> {
    // One for each: hundreds of blobs may be waiting, and each would add a listener to the same one.
    await this.#core.doors.clock.sleep(ms, AbortSignal.any([this.#life.signal]));
  }
}
