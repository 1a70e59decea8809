import { bcs } from '@mysten/sui/bcs';
import { type LedgerObject, ownerToBcs, taggedDigest } from '../ledger/ledger-object.ts';
import type { Address } from '../move/native.ts';
import type { ObjectChange } from './changes.ts';
import type { ExecutionFailure, FailureReason } from './failure.ts';
import type { GasUsed } from './gas.ts';
import type { EmittedEvent } from './session.ts';

export interface EffectsParts {
  readonly failure: ExecutionFailure | undefined;
  readonly epoch: bigint;
  readonly gas: GasUsed;
  readonly digest: string;
  readonly gasObject: Address;
  readonly eventsDigest: string | undefined;
  /** base58 digests of the transactions whose outputs were used, ascending by bytes */
  readonly dependencies: readonly string[];
  readonly version: bigint;
  readonly changes: readonly ObjectChange[];
  readonly readShared: readonly LedgerObject[];
}

type EffectsInput = (typeof bcs.TransactionEffects)['$inferInput'];
type V2 = Extract<EffectsInput, { V2: unknown }>['V2'];

/** TransactionEffects V2 as validators sign it. */
export function effectsBcs(parts: EffectsParts): Uint8Array {
  const index = parts.changes.findIndex(({ id }) => id === parts.gasObject);
  const status = parts.failure ? failed(parts.failure) : { Success: true };
  return bcs.TransactionEffects.serialize(
    {
      V2: {
        status: status as V2['status'],
        executedEpoch: parts.epoch,
        gasUsed: parts.gas,
        transactionDigest: parts.digest,
        gasObjectIndex: index < 0 ? null : index,
        eventsDigest: parts.eventsDigest ?? null,
        dependencies: [...parts.dependencies],
        lamportVersion: parts.version,
        changedObjects: parts.changes.map((change) => [change.id, changeToBcs(change)]),
        unchangedConsensusObjects: parts.readShared.map((object) => [
          object.id,
          { ReadOnlyRoot: [object.version, object.digest] },
        ]),
        auxDataDigest: null,
      },
    },
    { initialSize: 4096, maxSize: 8 << 20 },
  ).toBytes();
}

export const effectsDigest = (bytes: Uint8Array) => taggedDigest('TransactionEffects', bytes);

type ChangeInput = V2['changedObjects'] extends Iterable<readonly [unknown, infer C]> ? C : never;

function changeToBcs({ before, after, idOperation }: ObjectChange): ChangeInput {
  const operations = {
    none: { None: true },
    created: { Created: true },
    deleted: { Deleted: true },
  };
  return {
    inputState: before
      ? { Exist: [[before.version, before.digest], ownerToBcs(before.owner)] }
      : { NotExist: true },
    outputState: after
      ? { ObjectWrite: [after.digest, ownerToBcs(after.owner)] }
      : { NotExist: true },
    idOperation: operations[idOperation],
  } as ChangeInput;
}

function failed(failure: ExecutionFailure) {
  return { Failure: { error: reasonToBcs(failure.reason), command: failure.command ?? null } };
}

function reasonToBcs(reason: FailureReason): object {
  switch (reason.kind) {
    case 'MoveAbort': {
      const location = {
        module: { address: reason.packageId, name: reason.module },
        function: reason.functionIndex,
        instruction: 0,
        functionName: reason.functionName,
      };
      return { MoveAbort: [location, reason.code] };
    }
    case 'CommandArgumentError': {
      const bounds: Record<string, object> = {
        IndexOutOfBounds: { idx: reason.index ?? 0 },
        SecondaryIndexOutOfBounds: {
          resultIdx: reason.index ?? 0,
          secondaryIdx: reason.subresult ?? 0,
        },
        InvalidResultArity: { resultIdx: reason.index ?? 0 },
      };
      const kind = { [reason.fault]: bounds[reason.fault] ?? true };
      return { CommandArgumentError: { argIdx: reason.argument, kind } };
    }
    case 'UnusedValueWithoutDrop':
      return {
        UnusedValueWithoutDrop: { resultIdx: reason.result, secondaryIdx: reason.subresult },
      };
    case 'TypeArgumentError':
      return {
        TypeArgumentError: { argumentIdx: reason.position, kind: { [reason.fault]: true } },
      };
    case 'MoveObjectTooBig':
      return {
        MoveObjectTooBig: { objectSize: reason.objectSize, maxObjectSize: reason.maxObjectSize },
      };
    case 'MovePrimitiveRuntimeError':
      return { MovePrimitiveRuntimeError: null };
    default:
      return { [reason.kind]: true };
  }
}

const EventLayout = bcs.struct('Event', {
  packageId: bcs.Address,
  module: bcs.string(),
  sender: bcs.Address,
  type: bcs.StructTag,
  contents: bcs.byteVector(),
});
const EventsLayout = bcs.struct('TransactionEvents', { data: bcs.vector(EventLayout) });

/** BCS of all events of a transaction; undefined when there are none. */
export function eventsBcs(
  sender: Address,
  events: readonly EmittedEvent[],
): Uint8Array | undefined {
  if (events.length === 0) return undefined;
  const data = events.map((event) => ({
    packageId: event.packageId,
    module: event.module,
    sender,
    type: bcs.StructTag.parse(bcs.TypeTag.serialize(event.type).toBytes().subarray(1)),
    contents: event.contents,
  }));
  return EventsLayout.serialize({ data }, { initialSize: 1024, maxSize: 4 << 20 }).toBytes();
}

export const eventsDigest = (bytes: Uint8Array) => taggedDigest('TransactionEvents', bytes);
