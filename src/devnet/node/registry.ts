import type { Fact, FactCommittee, FactEvent } from './facts.ts';

interface BlobObject {
  readonly deletable: boolean;
  endEpoch: number | undefined; // undefined: as long as its pool
  readonly storagePoolId: string | undefined;
  registered: FactEvent;
  certified: { epoch: number; event: FactEvent } | undefined;
}

interface BlobEntry {
  readonly objects: Map<string, BlobObject>;
  invalid: FactEvent | undefined;
}

/** The JSON of `GET …/status`; keys in this order on every node. */
export type BlobStatus =
  | 'nonexistent'
  | { invalid: { event: FactEvent } }
  | {
      permanent: {
        endEpoch: number;
        isCertified: boolean;
        statusEvent: FactEvent;
        deletableCounts: DeletableCounts;
        initialCertifiedEpoch: number | null;
      };
    }
  | {
      deletable: { initialCertifiedEpoch: number | null; deletableCounts: DeletableCounts };
    };

interface DeletableCounts {
  count_deletable_total: number;
  count_deletable_certified: number;
}

/** What a node knows from the chain: the sum of all facts so far. */
export class Registry {
  readonly #blobs = new Map<string, BlobEntry>();
  readonly #poolEnds = new Map<string, number>();
  readonly #open: boolean;
  current: FactCommittee = { epoch: 0, members: [] };
  previous: FactCommittee | undefined;
  epochState: 'sync' | 'done' = 'done';

  /** @param open counts every blob as registered for ever */
  constructor(open = false) {
    this.#open = open;
  }

  get epoch(): number {
    return this.current.epoch;
  }

  apply(fact: Fact): void {
    switch (fact.type) {
      case 'registered':
        this.#entry(fact.blobId).objects.set(fact.objectId, {
          deletable: fact.deletable,
          endEpoch: fact.endEpoch,
          storagePoolId: fact.storagePoolId,
          registered: fact.event,
          certified: undefined,
        });
        return;
      case 'certified': {
        const object = this.#entry(fact.blobId).objects.get(fact.objectId);
        if (object === undefined) return;
        object.certified = { epoch: object.certified?.epoch ?? fact.epoch, event: fact.event };
        if (fact.endEpoch !== undefined) object.endEpoch = fact.endEpoch;
        return;
      }
      case 'deleted':
        this.#blobs.get(fact.blobId)?.objects.delete(fact.objectId);
        return;
      case 'invalid':
        this.#entry(fact.blobId).invalid = fact.event;
        return;
      case 'pool':
        this.#poolEnds.set(fact.storagePoolId, fact.endEpoch);
        return;
      case 'epoch':
        this.current = fact.current;
        this.previous = fact.previous;
        this.epochState = fact.state;
    }
  }

  isInvalid(blobId: string): boolean {
    return this.#blobs.get(blobId)?.invalid !== undefined;
  }

  /** Whether the node has to keep the blob: it is valid, and some object of it has not expired. */
  isRegistered(blobId: string): boolean {
    if (this.isInvalid(blobId)) return false;
    return this.#open || this.#living(blobId).length > 0;
  }

  /** Whether this very object is a deletable blob that has not expired. */
  isDeletableObject(blobId: string, objectId: string): boolean {
    const object = this.#blobs.get(blobId)?.objects.get(objectId);
    return this.#open || (object?.deletable === true && this.#lives(object));
  }

  /** Whether all nodes have to have the blob. */
  isCertified(blobId: string): boolean {
    if (this.isInvalid(blobId)) return false;
    return this.#living(blobId).some((object) => object.certified !== undefined);
  }

  /** Blobs that all nodes have to have. */
  certifiedBlobs(): string[] {
    return [...this.#blobs.keys()].filter((id) => this.isCertified(id));
  }

  status(blobId: string): BlobStatus {
    const invalid = this.#blobs.get(blobId)?.invalid;
    if (invalid !== undefined) return { invalid: { event: invalid } };
    const living = this.#living(blobId);
    if (living.length === 0) return 'nonexistent';
    const deletable = living.filter((object) => object.deletable);
    const deletableCounts = {
      count_deletable_total: deletable.length,
      count_deletable_certified: deletable.filter(({ certified }) => certified).length,
    };
    const epochs = living.flatMap(({ certified }) => (certified ? [certified.epoch] : []));
    const initialCertifiedEpoch = epochs.length > 0 ? Math.min(...epochs) : null;
    const permanent = living.filter((object) => !object.deletable);
    const certified = permanent.filter((object) => object.certified !== undefined);
    const best = latest(certified) ?? latest(permanent);
    if (best === undefined) return { deletable: { initialCertifiedEpoch, deletableCounts } };
    return {
      permanent: {
        endEpoch: best.endEpoch ?? 0,
        isCertified: best.certified !== undefined,
        statusEvent: best.certified?.event ?? best.registered,
        deletableCounts,
        initialCertifiedEpoch,
      },
    };
  }

  #entry(blobId: string): BlobEntry {
    let entry = this.#blobs.get(blobId);
    if (entry === undefined) {
      entry = { objects: new Map(), invalid: undefined };
      this.#blobs.set(blobId, entry);
    }
    return entry;
  }

  #living(blobId: string): BlobObject[] {
    const objects = this.#blobs.get(blobId)?.objects.values() ?? [];
    return [...objects].filter((object) => this.#lives(object));
  }

  #lives({ endEpoch, storagePoolId }: BlobObject): boolean {
    const end = endEpoch ?? this.#poolEnds.get(storagePoolId ?? '') ?? 0;
    return end > this.epoch;
  }
}

/** The object that lasts longest; the first of several. */
function latest(objects: readonly BlobObject[]): BlobObject | undefined {
  return objects.reduce<BlobObject | undefined>(
    (best, each) =>
      best === undefined || (each.endEpoch ?? 0) > (best.endEpoch ?? 0) ? each : best,
    undefined,
  );
}
