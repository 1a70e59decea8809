import { hexToBytes } from '@noble/hashes/utils.js';
import type {
  ChainCommittee,
  ChainEvent,
  ChainEventBody,
  ChainPort,
  ChainState,
  NodeCall,
} from '../../../src/devnet/chain-port.ts';
import type { NodeIdentity } from '../../../src/devnet/committee.ts';

/**
 * A chain for tests of nodes alone: it holds committees and events that the test makes, checks nothing, and ends an
 * epoch change when the votes of nodes reach a quorum.
 */
export class ChainDouble implements ChainPort {
  readonly calls: NodeCall[] = [];
  #state: ChainState;
  readonly #events: ChainEvent[] = [];
  readonly #listeners = new Set<(event: ChainEvent) => void>();

  constructor(current: ChainCommittee) {
    this.#state = {
      epoch: current.epoch,
      epochState: { kind: 'done', sinceMs: 0 },
      shardCount: current.shardCount,
      current,
      previous: undefined,
      next: undefined,
    };
  }

  state(): ChainState {
    return this.#state;
  }

  events(sequence: number, limit = Number.POSITIVE_INFINITY): readonly ChainEvent[] {
    return this.#events.slice(sequence, sequence + limit);
  }

  subscribe(sequence: number, listener: (event: ChainEvent) => void): () => void {
    for (const event of this.events(sequence)) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  transaction(): undefined {
    return undefined;
  }

  blobObject(): undefined {
    return undefined;
  }

  async submit(call: NodeCall): Promise<{ digest: string; failure: undefined }> {
    this.calls.push(call);
    if (call.kind === 'epoch-sync-done') this.#vote(call.nodeId, call.epoch);
    return { digest: 'vote', failure: undefined };
  }

  emit(body: ChainEventBody, digest = `digest-${this.#events.length}`): void {
    const sequence = this.#events.length;
    const event = { sequence, digest, timestampMs: sequence, ...body } as ChainEvent;
    this.#events.push(event);
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Starts the next epoch with another committee. */
  changeEpoch(members: ChainCommittee['members']): void {
    const { epoch, shardCount, current } = this.#state;
    const next = { epoch: epoch + 1, shardCount, members };
    const epochState = { kind: 'sync', weight: 0 } as const;
    this.#state = {
      ...this.#state,
      epoch: epoch + 1,
      epochState,
      current: next,
      previous: current,
    };
    this.emit({ kind: 'epoch-change-start', epoch: epoch + 1 });
  }

  #vote(nodeId: string, epoch: number): void {
    const { epochState, shardCount, current } = this.#state;
    if (epochState.kind !== 'sync' || epoch !== this.#state.epoch) return;
    const voter = current.members.find((member) => member.nodeId === nodeId);
    const weight = epochState.weight + (voter?.weight ?? 0);
    const done = 3 * weight >= 2 * shardCount + 1;
    this.#state = {
      ...this.#state,
      epochState: done ? { kind: 'done', sinceMs: 0 } : { kind: 'sync', weight },
    };
    if (done) this.emit({ kind: 'epoch-change-done', epoch });
  }
}

/** The committee of some nodes with their shards and addresses. */
export function committeeOf(
  epoch: number,
  identities: readonly NodeIdentity[],
  shards: readonly (readonly number[])[],
  addresses: readonly string[],
): ChainCommittee {
  const members = identities.flatMap((identity, i) => {
    const owned = shards[i] ?? [];
    if (owned.length === 0) return [];
    return {
      nodeId: identity.nodeId,
      name: identity.name,
      networkAddress: addresses[i] ?? '',
      publicKey: identity.publicKey96,
      weight: owned.length,
      shards: owned,
    };
  });
  const shardCount = shards.reduce((sum, { length }) => sum + length, 0);
  return { epoch, shardCount, members };
}

/** 32 bytes of an object ID that belongs to a word. */
export function objectIdOf(word: string): string {
  const hex = Buffer.from(word).toString('hex').slice(0, 64).padEnd(64, '0');
  return `0x${Buffer.from(hexToBytes(hex)).toString('hex')}`;
}
