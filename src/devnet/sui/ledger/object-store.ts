import type { Address } from '../move/native.ts';
import { coinBalance, coinTypeOf, type LedgerObject } from './ledger-object.ts';

/** Where objects are read from: the newest state, or what an earlier moment held. */
export interface ObjectReader {
  get(id: Address): LedgerObject | undefined;
}

/** The same for those who look for more than an object as it is. */
export interface ObjectView extends ObjectReader {
  /** as it was, for as long as it is remembered */
  version(id: Address, version: bigint): LedgerObject | undefined;
  /** The objects of an address, or the dynamic fields of an object. */
  ownedBy(parent: Address): LedgerObject[];
}

/** An object's state from a commit on; `object` is undefined once it is deleted or wrapped. */
interface Version {
  readonly sequence: number;
  readonly object: LedgerObject | undefined;
}

/** Older versions kept per object, for late readers and for questions about a version. */
const KEPT_VERSIONS = 32;

/** All objects, by id and by owner, with a short history of each. */
export class ObjectStore implements ObjectView {
  private readonly live = new Map<Address, LedgerObject>();
  private readonly history = new Map<Address, Version[]>();
  private readonly owned = new Map<Address, Set<Address>>();
  private readonly touchedBy = new Map<Address, Set<Address>>();

  get(id: Address): LedgerObject | undefined {
    return this.live.get(id);
  }

  /** @param sequence number of the commit that makes the change */
  put(id: Address, object: LedgerObject | undefined, sequence: number): void {
    const before = this.live.get(id);
    const parent = before && holder(before);
    if (parent) this.owned.get(parent)?.delete(id);
    if (object) {
      this.live.set(id, object);
      const next = holder(object);
      if (next) {
        addTo(this.owned, next, id);
        addTo(this.touchedBy, next, id);
      }
    } else {
      this.live.delete(id);
    }
    const versions = this.history.get(id) ?? [];
    versions.push({ sequence, object });
    if (versions.length > KEPT_VERSIONS) versions.shift();
    this.history.set(id, versions);
  }

  version(id: Address, version: bigint, sequence = Number.POSITIVE_INFINITY) {
    const versions = this.history.get(id) ?? [];
    return versions.findLast(
      (entry) => entry.object?.version === version && entry.sequence <= sequence,
    )?.object;
  }

  /** Whether there ever was an object with this id. */
  knew(id: Address): boolean {
    return this.history.has(id);
  }

  ownedBy(parent: Address): LedgerObject[] {
    const ids = this.owned.get(parent) ?? [];
    return [...ids].map((id) => this.live.get(id)).filter((object) => object !== undefined);
  }

  /** The state right after commit `sequence`. */
  asOf(sequence: number): ObjectView {
    const get = (id: Address) => {
      const versions = this.history.get(id);
      const found = versions?.findLast((entry) => entry.sequence <= sequence);
      if (found || versions?.length !== KEPT_VERSIONS) return found?.object;
      // Forgotten: the oldest one that is left is nearest.
      return versions[0]?.object;
    };
    const ownedBy = (parent: Address) =>
      [...(this.touchedBy.get(parent) ?? [])]
        .map(get)
        .filter((object) => object !== undefined && holder(object) === parent)
        .filter((object) => object !== undefined);
    const version = (id: Address, wanted: bigint) => this.version(id, wanted, sequence);
    return { get, ownedBy, version };
  }

  /** Any object of exactly this type. Slow: for types that have one object. */
  findByType(type: string): LedgerObject | undefined {
    for (const object of this.live.values()) if (object.type === type) return object;
    return undefined;
  }

  get size(): number {
    return this.live.size;
  }
}

/** By type, coins with the largest balance first, then by id: the order of listings and of gas selection. */
export function compareOwned(a: LedgerObject, b: LedgerObject): number {
  if (a.type !== b.type) return a.type < b.type ? -1 : 1;
  if (coinTypeOf(a.type) !== undefined) {
    const [x, y] = [coinBalance(a.contents), coinBalance(b.contents)];
    if (x !== y) return x > y ? -1 : 1;
  }
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function holder(object: LedgerObject): Address | undefined {
  if (object.owner.kind === 'address') return object.owner.address;
  return object.owner.kind === 'object' ? object.owner.parent : undefined;
}

function addTo(map: Map<Address, Set<Address>>, key: Address, id: Address): void {
  const set = map.get(key);
  if (set) set.add(id);
  else map.set(key, new Set([id]));
}
