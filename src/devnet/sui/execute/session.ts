import { fromBase58 } from '@mysten/bcs';
import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { LedgerObject } from '../ledger/ledger-object.ts';
import type { ObjectReader } from '../ledger/object-store.ts';
import {
  type Address,
  address,
  type MoveContext,
  type Owner,
  type TypeTag,
} from '../move/native.ts';
import type { FoundFunction, Registry } from '../types/registry.ts';
import { formatType, parseType } from '../types/type-tag.ts';
import { childObjects, childValues } from './dynamic-fields.ts';
import { ExecutionFailure, fail } from './failure.ts';
import { LIMITS } from './limits.ts';

/** An object as a running transaction holds it. */
export interface LiveObject {
  readonly id: Address;
  readonly type: TypeTag;
  // biome-ignore lint/suspicious/noExplicitAny: the parsed struct, of a type known only at run time
  value: any;
  /** as stored; undefined for an object that is new or was wrapped */
  readonly before: LedgerObject | undefined;
  /** undefined while a command holds it by value, and once it is wrapped or deleted */
  owner: Owner | undefined;
  /** may have changed: compare and write it at the end */
  dirty: boolean;
}

export interface EmittedEvent {
  readonly packageId: Address;
  readonly module: string;
  readonly type: string;
  readonly contents: Uint8Array;
}

export interface SessionOptions {
  readonly registry: Registry;
  readonly objects: ObjectReader;
  readonly sender: Address;
  /** base58 */
  readonly digest: string;
  readonly epoch: bigint;
  readonly timestampMs: bigint;
  readonly trusting: boolean;
}

/** Everything that one transaction reads, makes and changes. Thrown away when it fails. */
export class Session implements MoveContext {
  readonly registry: Registry;
  readonly sender: Address;
  readonly digest: string;
  readonly epoch: bigint;
  readonly timestampMs: bigint;
  readonly trusting: boolean;

  readonly live = new Map<Address, LiveObject>();
  readonly created = new Set<Address>();
  readonly deleted = new Set<Address>();
  readonly events: EmittedEvent[] = [];
  readonly fields = childValues(this);
  readonly objectFields = childObjects(this);

  private readonly objects: ObjectReader;
  private readonly digestBytes: Uint8Array;
  private ids = 0n;
  private running: FoundFunction | undefined;
  private calledId: Address = address('0x0');

  constructor(options: SessionOptions) {
    this.registry = options.registry;
    this.objects = options.objects;
    this.sender = options.sender;
    this.digest = options.digest;
    this.digestBytes = fromBase58(options.digest);
    this.epoch = options.epoch;
    this.timestampMs = options.timestampMs;
    this.trusting = options.trusting;
  }

  get packageId(): Address {
    return this.running?.package.originalId ?? address('0x0');
  }

  get packageVersion(): number {
    return this.running?.version ?? 1;
  }

  /** Runs `work` as the body of a function, so that aborts and events name it. */
  within<T>(found: FoundFunction, calledId: Address, work: () => T): T {
    this.running = found;
    this.calledId = calledId;
    return work();
  }

  /** The object with this id as this transaction sees it; undefined if it is gone or never was. */
  find(id: Address): LiveObject | undefined {
    const known = this.live.get(id);
    if (known) return known;
    const before = this.objects.get(id);
    return before && this.hold(before);
  }

  hold(before: LedgerObject): LiveObject {
    const type = parseType(before.type);
    const value = this.registry.layout(type).parse(before.contents);
    const live = { id: before.id, type, value, before, owner: before.owner, dirty: false };
    this.live.set(before.id, live);
    return live;
  }

  freshId(): Address {
    const counter = new Uint8Array(8);
    new DataView(counter.buffer).setBigUint64(0, this.ids, true);
    this.ids += 1n;
    if (this.created.size >= LIMITS.createdIds) throw fail('MovePrimitiveRuntimeError');
    const bytes = concatBytes(Uint8Array.of(0xf1), this.digestBytes, counter);
    const id = `0x${bytesToHex(blake2b(bytes, { dkLen: 32 }))}`;
    this.created.add(id);
    return id;
  }

  deleteId(id: Address): void {
    const live = this.live.get(id);
    if (live) live.owner = undefined;
    if (!this.created.delete(id)) this.deleted.add(id);
  }

  emit(type: string | TypeTag, value: object): void {
    const tag = typeof type === 'string' ? this.ownType(type) : type;
    const contents = this.registry
      .layout(tag)
      .serialize(value, { maxSize: 1 << 20 })
      .toBytes();
    const module = this.running?.function.module ?? '';
    if (this.events.length >= LIMITS.events) throw fail('MovePrimitiveRuntimeError');
    this.events.push({ packageId: this.calledId, module, type: formatType(tag), contents });
  }

  abort(module: string, code: number | bigint, functionName?: string): never {
    const [packageId, name] = module.includes('::')
      ? [address(module.split('::')[0] ?? ''), module.split('::')[1] ?? '']
      : [this.packageId, module]; // of an upgraded package too, the original id
    throw new ExecutionFailure({
      kind: 'MoveAbort',
      packageId,
      module: name,
      functionName: functionName ?? this.running?.function.name ?? '',
      functionIndex: this.running?.index ?? 0,
      code: BigInt(code),
    });
  }

  transfer(type: TypeTag, value: { id: Address }, recipient: Address): void {
    this.place(type, value, { kind: 'address', address: recipient });
  }

  /** The version at which it is shared is known only at the end; -1 stands for it. */
  share(type: TypeTag, value: { id: Address }): void {
    const known = this.live.get(value.id)?.before?.owner;
    this.place(type, value, known?.kind === 'shared' ? known : NEWLY_SHARED);
  }

  freeze(type: TypeTag, value: { id: Address }): void {
    this.place(type, value, { kind: 'immutable' });
  }

  place(type: TypeTag, value: { id: Address }, owner: Owner): LiveObject {
    const live = this.live.get(value.id) ?? this.introduce(type, value);
    live.value = value;
    live.owner = owner;
    live.dirty = true;
    return live;
  }

  private introduce(type: TypeTag, value: { id: Address }): LiveObject {
    const live = { id: value.id, type, value, before: undefined, owner: undefined, dirty: true };
    this.live.set(value.id, live);
    return live;
  }

  private ownType(name: string): TypeTag {
    const parts = name.split('::');
    return parts.length === 2 ? parseType(`${this.packageId}::${name}`) : parseType(name);
  }
}

export const NEWLY_SHARED: Owner = { kind: 'shared', initialVersion: -1n };

export const idBytes = (id: Address): Uint8Array => hexToBytes(id.slice(2));
