import { bytesToHex } from '@noble/hashes/utils.js';
import type { ChainCommittee, ChainEvent, ChainPort, ChainState } from '../chain-port.ts';
import type { Fact, FactCommittee, FactEvent } from './facts.ts';

export type OnFact = (fact: Fact, sequence: number | undefined, late: boolean) => void;

/**
 * Turns the chain's events into facts from `sequence` on: the past ones at once, the others as they happen.
 *
 * @param knownEpoch the epoch that the node knows of; if the chain is in another one, that is the first fact
 * @returns a function that ends it
 */
export function followChain(
  port: ChainPort,
  { sequence, knownEpoch }: { sequence: number; knownEpoch: number },
  onFact: OnFact,
): () => void {
  const start = port.state();
  if (knownEpoch !== start.epoch) onFact(epochFact(start), undefined, false);
  const numbering = new EventNumbers(port);
  let past = true;
  const end = port.subscribe(sequence, (event) => {
    const fact = factOf(event, numbering.of(event), port);
    if (fact !== undefined) onFact(fact, event.sequence, !past);
  });
  past = false;
  return end;
}

/** The number of an event within its transaction. */
class EventNumbers {
  readonly #port: ChainPort;
  #last: { digest: string; number: number; sequence: number } | undefined;

  constructor(port: ChainPort) {
    this.#port = port;
  }

  of({ digest, sequence }: ChainEvent): number {
    const last = this.#last;
    let number = 0;
    if (last?.sequence === sequence - 1) number = last.digest === digest ? last.number + 1 : 0;
    else {
      while (number < sequence) {
        const [before] = this.#port.events(sequence - number - 1, 1);
        if (before?.digest !== digest) break;
        number += 1;
      }
    }
    this.#last = { digest, number, sequence };
    return number;
  }
}

function factOf(event: ChainEvent, number: number, port: ChainPort): Fact | undefined {
  const source: FactEvent = { txDigest: event.digest, eventSeq: String(number) };
  switch (event.kind) {
    case 'blob-registered': {
      const { blobId, objectId, deletable, endEpoch, size } = event;
      return { type: 'registered', blobId, objectId, deletable, endEpoch, size, event: source };
    }
    case 'pooled-blob-registered': {
      const { blobId, objectId, deletable, storagePoolId, size } = event;
      return {
        type: 'registered',
        blobId,
        objectId,
        deletable,
        storagePoolId,
        size,
        event: source,
      };
    }
    case 'blob-certified': {
      const { blobId, objectId, deletable, endEpoch, epoch } = event;
      return { type: 'certified', blobId, objectId, deletable, endEpoch, epoch, event: source };
    }
    case 'pooled-blob-certified': {
      const { blobId, objectId, deletable, epoch } = event;
      return { type: 'certified', blobId, objectId, deletable, epoch, event: source };
    }
    case 'blob-deleted':
    case 'pooled-blob-deleted': {
      const { blobId, objectId } = event;
      return { type: 'deleted', blobId, objectId, event: source };
    }
    case 'invalid-blob-id':
      return { type: 'invalid', blobId: event.blobId, event: source };
    case 'storage-pool-created':
    case 'storage-pool-extended': {
      const { storagePoolId, endEpoch } = event;
      return { type: 'pool', storagePoolId, endEpoch };
    }
    case 'epoch-change-start':
    case 'epoch-change-done': {
      // Committees of epochs that are over are not known any more, and not needed.
      const state = port.state();
      return event.epoch === state.epoch ? epochFact(state) : undefined;
    }
    default:
      return undefined;
  }
}

function epochFact(state: ChainState): Fact {
  const kind = state.epochState.kind === 'sync' ? 'sync' : 'done';
  const fact = { type: 'epoch', state: kind, current: committeeOf(state.current) } as const;
  const { previous } = state;
  if (previous === undefined || previous.members.length === 0) return fact;
  return { ...fact, previous: committeeOf(previous) };
}

function committeeOf({ epoch, members }: ChainCommittee): FactCommittee {
  return {
    epoch,
    members: members.map(({ nodeId, name, networkAddress, publicKey, shards }) => {
      return { nodeId, name, networkAddress, publicKey: bytesToHex(publicKey), shards };
    }),
  };
}
