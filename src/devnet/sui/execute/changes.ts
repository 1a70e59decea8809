import { type LedgerObject, sealPaidObject } from '../ledger/ledger-object.ts';
import type { Address, Owner } from '../move/native.ts';
import { formatType } from '../types/type-tag.ts';
import { ExecutionFailure, fail } from './failure.ts';
import { LIMITS } from './limits.ts';
import type { LiveObject, Session } from './session.ts';
import { sameBytes } from './transaction.ts';

export type IdOperation = 'none' | 'created' | 'deleted';

/** What a transaction did to one id. */
export interface ObjectChange {
  readonly id: Address;
  readonly before: LedgerObject | undefined;
  readonly after: LedgerObject | undefined;
  readonly idOperation: IdOperation;
}

export interface Stamp {
  /** the version of everything that is written */
  readonly version: bigint;
  /** base58, of the transaction */
  readonly digest: string;
}

/**
 * The outcome of a session that succeeded, sorted by id.
 *
 * @param always ids that get a new version even if nothing changed: owned and mutable inputs, gas
 * @throws ExecutionFailure
 */
export function collectChanges(
  session: Session,
  always: ReadonlySet<Address>,
  stamp: Stamp,
): ObjectChange[] {
  const changes = new Map<Address, ObjectChange>();
  const operation = (id: Address): IdOperation => {
    if (session.created.has(id)) return 'created';
    return session.deleted.has(id) ? 'deleted' : 'none';
  };
  for (const live of session.live.values()) {
    checkShared(live, session);
    const after = written(session, live, always, stamp);
    if (after === 'unchanged') continue;
    const change = { id: live.id, before: live.before, after, idOperation: operation(live.id) };
    if (change.before || change.after || change.idOperation !== 'none') {
      changes.set(live.id, change);
    }
  }
  for (const id of [...session.created, ...session.deleted]) {
    if (changes.has(id) || session.live.get(id)?.before) continue;
    changes.set(id, { id, before: undefined, after: undefined, idOperation: operation(id) });
  }
  return [...changes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The changes of a transaction that failed: new versions for its inputs, and the gas. */
export function bumpedInputs(inputs: readonly LedgerObject[], stamp: Stamp): ObjectChange[] {
  return inputs
    .map((before): ObjectChange => {
      const { version, digest: previousTransaction } = stamp;
      const after = sealPaidObject({ ...before, version, previousTransaction });
      return { id: before.id, before, after, idOperation: 'none' };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function written(
  session: Session,
  live: LiveObject,
  always: ReadonlySet<Address>,
  stamp: Stamp,
): LedgerObject | undefined | 'unchanged' {
  const { before, owner } = live;
  if (!owner) return undefined;
  if (before && !live.dirty && !always.has(live.id)) return 'unchanged';
  const layout = session.registry.layout(live.type);
  const size = before ? before.contents.length + 64 : 256;
  const contents = layout
    .serialize(live.value, { initialSize: size, maxSize: 8 * LIMITS.objectBytes })
    .toBytes();
  if (contents.length > LIMITS.objectBytes) {
    throw new ExecutionFailure({
      kind: 'MoveObjectTooBig',
      objectSize: BigInt(contents.length),
      maxObjectSize: BigInt(LIMITS.objectBytes),
    });
  }
  const type = formatType(live.type);
  const same = before && before.type === type && sameBytes(contents, before.contents);
  if (same && owner === before.owner && !always.has(live.id)) return 'unchanged';
  const publicTransfer = session.registry.abilities(live.type).has('store');
  const { version, digest: previousTransaction } = stamp;
  return sealPaidObject({
    id: live.id,
    version,
    type,
    owner: shareAt(owner, version),
    publicTransfer,
    contents,
    previousTransaction,
  });
}

const shareAt = (owner: Owner, version: bigint): Owner =>
  owner.kind === 'shared' && owner.initialVersion < 0n
    ? { kind: 'shared', initialVersion: version }
    : owner;

/** A shared object stays shared or is deleted. */
function checkShared(live: LiveObject, session: Session): void {
  if (live.before?.owner.kind !== 'shared' || live.owner?.kind === 'shared') return;
  if (!session.deleted.has(live.id)) throw fail('SharedObjectOperationNotAllowed');
}
