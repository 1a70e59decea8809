import { readJson } from '../disk/damaged-data.ts';
import type { Disk } from '../disk/disk.ts';
import type { FactCommittee } from './facts.ts';

/** `readOnly`: lost to another node, kept until that one has it. */
export type ShardStatus = 'ready' | 'inTransfer' | 'inRecovery' | 'readOnly';

const FILE = 'shards.json';

/** The shards a node has storage for, and how far it is with each. */
export class ShardTable {
  readonly #disk: Disk;
  #status = new Map<number, ShardStatus>();
  #epoch = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  get epoch(): number {
    return this.#epoch;
  }

  async load(): Promise<void> {
    const bytes = await this.#disk.read(FILE);
    if (bytes === undefined) return;
    const saved = readJson(new TextDecoder().decode(bytes), FILE) as {
      epoch: number;
      shards: [number, ShardStatus][];
    };
    this.#epoch = saved.epoch;
    this.#status = new Map(saved.shards);
  }

  status(shard: number): ShardStatus | undefined {
    return this.#status.get(shard);
  }

  /** Whether the node has storage for the shard, so that it answers reads. */
  holds(shard: number): boolean {
    return this.#status.has(shard);
  }

  all(): readonly (readonly [shard: number, status: ShardStatus])[] {
    return [...this.#status].sort(([a], [b]) => a - b);
  }

  withStatus(wanted: ShardStatus): number[] {
    return this.all().flatMap(([shard, status]) => (status === wanted ? [shard] : []));
  }

  async set(shards: readonly number[], status: ShardStatus): Promise<void> {
    if (shards.length === 0) return;
    for (const shard of shards) this.#status.set(shard, status);
    await this.#save();
  }

  async remove(shards: readonly number[]): Promise<void> {
    for (const shard of shards) this.#status.delete(shard);
    await this.#save();
  }

  /**
   * Follows the committee into its epoch: what is gained has to be fetched, what is lost becomes read-only. The
   * shards of the first epoch a node sees are empty, hence ready, if nobody had them before.
   */
  async enter(committee: FactCommittee, nodeId: string, hasPrevious: boolean): Promise<void> {
    if (committee.epoch <= this.#epoch) return;
    const owned = new Set(shardsOf(committee, nodeId));
    for (const shard of owned) {
      const status = this.#status.get(shard);
      if (status === undefined) this.#status.set(shard, hasPrevious ? 'inTransfer' : 'ready');
      else if (status === 'readOnly') this.#status.set(shard, 'ready');
    }
    for (const shard of this.#status.keys()) {
      if (!owned.has(shard)) this.#status.set(shard, 'readOnly');
    }
    this.#epoch = committee.epoch;
    await this.#save();
  }

  async #save(): Promise<void> {
    const text = JSON.stringify({ epoch: this.#epoch, shards: this.all() });
    await this.#disk.write(FILE, new TextEncoder().encode(text));
  }
}

export function shardsOf(committee: FactCommittee | undefined, nodeId: string): readonly number[] {
  return committee?.members.find((member) => member.nodeId === nodeId)?.shards ?? [];
}
