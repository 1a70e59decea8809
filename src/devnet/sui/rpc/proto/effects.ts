import { GrpcTypes } from '@mysten/sui/grpc';
import type { ObjectChange } from '../../execute/changes.ts';
import type { ExecutionFailure, FailureReason } from '../../execute/failure.ts';
import type { Outcome } from '../../execute/run.ts';
import { bcsMessage, ownerMessage } from './common.ts';

const Kind = GrpcTypes.ExecutionError_ExecutionErrorKind;
const ArgumentKind = GrpcTypes.CommandArgumentError_CommandArgumentErrorKind;
const TypeKind = GrpcTypes.TypeArgumentError_TypeArgumentErrorKind;

export function effectsMessage(outcome: Outcome): GrpcTypes.TransactionEffects {
  const changedObjects = outcome.changes.map((change) => changeMessage(change, outcome.version));
  const gasObject = changedObjects.find(({ objectId }) => objectId === outcome.gasObject);
  return {
    bcs: bcsMessage('TransactionEffects', outcome.effects),
    digest: outcome.effectsDigest,
    version: 2,
    status: statusMessage(outcome.failure),
    epoch: outcome.epoch,
    gasUsed: { ...outcome.gas },
    transactionDigest: outcome.digest,
    ...(gasObject ? { gasObject } : {}),
    ...(outcome.eventsDigest === undefined ? {} : { eventsDigest: outcome.eventsDigest }),
    dependencies: [...outcome.dependencies],
    lamportVersion: outcome.version,
    changedObjects,
    unchangedConsensusObjects: outcome.readShared.map((object) => ({
      kind: GrpcTypes.UnchangedConsensusObject_UnchangedConsensusObjectKind.READ_ONLY_ROOT,
      objectId: object.id,
      version: object.version,
      digest: object.digest,
      objectType: object.type,
    })),
    unchangedLoadedRuntimeObjects: [],
  };
}

function changeMessage(
  { id, before, after, idOperation }: ObjectChange,
  version: bigint,
): GrpcTypes.ChangedObject {
  const { ChangedObject_InputObjectState: In, ChangedObject_OutputObjectState: Out } = GrpcTypes;
  const Operation = GrpcTypes.ChangedObject_IdOperation;
  const operations = {
    none: Operation.NONE,
    created: Operation.CREATED,
    deleted: Operation.DELETED,
  };
  const objectType = (after ?? before)?.type;
  return {
    objectId: id,
    inputState: before ? In.EXISTS : In.DOES_NOT_EXIST,
    ...(before
      ? {
          inputVersion: before.version,
          inputDigest: before.digest,
          inputOwner: ownerMessage(before.owner),
        }
      : {}),
    outputState: after ? Out.OBJECT_WRITE : Out.DOES_NOT_EXIST,
    ...(after
      ? {
          outputVersion: version,
          outputDigest: after.digest,
          outputOwner: ownerMessage(after.owner),
        }
      : {}),
    idOperation: operations[idOperation],
    ...(objectType === undefined ? {} : { objectType }),
  };
}

export function statusMessage(failure: ExecutionFailure | undefined): GrpcTypes.ExecutionStatus {
  if (!failure) return { success: true };
  const where = failure.command === undefined ? '' : ` in command ${failure.command}`;
  return {
    success: false,
    error: {
      description: `${failure.message}${where}`,
      ...(failure.command === undefined ? {} : { command: BigInt(failure.command) }),
      kind: kindOf(failure.reason),
      errorDetails: detailsOf(failure.reason),
    },
  };
}

const KINDS: Readonly<Record<FailureReason['kind'], GrpcTypes.ExecutionError_ExecutionErrorKind>> =
  {
    MoveAbort: Kind.MOVE_ABORT,
    CommandArgumentError: Kind.COMMAND_ARGUMENT_ERROR,
    UnusedValueWithoutDrop: Kind.UNUSED_VALUE_WITHOUT_DROP,
    TypeArgumentError: Kind.TYPE_ARGUMENT_ERROR,
    MoveObjectTooBig: Kind.OBJECT_TOO_BIG,
    InsufficientGas: Kind.INSUFFICIENT_GAS,
    InsufficientCoinBalance: Kind.INSUFFICIENT_COIN_BALANCE,
    CoinBalanceOverflow: Kind.COIN_BALANCE_OVERFLOW,
    FunctionNotFound: Kind.FUNCTION_NOT_FOUND,
    ArityMismatch: Kind.ARITY_MISMATCH,
    TypeArityMismatch: Kind.TYPE_ARITY_MISMATCH,
    SharedObjectOperationNotAllowed: Kind.CONSENSUS_OBJECT_OPERATION_NOT_ALLOWED,
    MovePrimitiveRuntimeError: Kind.MOVE_PRIMITIVE_RUNTIME_ERROR,
    InvariantViolation: Kind.INVARIANT_VIOLATION,
  };

const kindOf = (reason: FailureReason) => KINDS[reason.kind];

function detailsOf(reason: FailureReason): GrpcTypes.ExecutionError['errorDetails'] {
  switch (reason.kind) {
    case 'MoveAbort':
      return {
        oneofKind: 'abort',
        abort: {
          abortCode: reason.code,
          location: {
            package: reason.packageId,
            module: reason.module,
            function: reason.functionIndex,
            instruction: 0,
            functionName: reason.functionName,
          },
        },
      };
    case 'CommandArgumentError':
      return {
        oneofKind: 'commandArgumentError',
        commandArgumentError: {
          argument: reason.argument,
          kind: argumentKind(reason.fault),
          ...(reason.index === undefined
            ? {}
            : { indexError: bounds(reason.index, reason.subresult) }),
        },
      };
    case 'UnusedValueWithoutDrop':
      return { oneofKind: 'indexError', indexError: bounds(reason.result, reason.subresult) };
    case 'TypeArgumentError':
      return {
        oneofKind: 'typeArgumentError',
        typeArgumentError: {
          typeArgument: reason.position,
          kind:
            reason.fault === 'TypeNotFound'
              ? TypeKind.TYPE_NOT_FOUND
              : TypeKind.CONSTRAINT_NOT_SATISFIED,
        },
      };
    case 'MoveObjectTooBig':
      return {
        oneofKind: 'sizeError',
        sizeError: { size: reason.objectSize, maxSize: reason.maxObjectSize },
      };
    default:
      return { oneofKind: undefined };
  }
}

const bounds = (index: number, subresult: number | undefined): GrpcTypes.IndexError => ({
  index,
  ...(subresult === undefined ? {} : { subresult }),
});

type Fault = Extract<FailureReason, { kind: 'CommandArgumentError' }>['fault'];

const ARGUMENT_KINDS: Readonly<
  Record<Fault, GrpcTypes.CommandArgumentError_CommandArgumentErrorKind>
> = {
  TypeMismatch: ArgumentKind.TYPE_MISMATCH,
  InvalidBCSBytes: ArgumentKind.INVALID_BCS_BYTES,
  InvalidUsageOfPureArg: ArgumentKind.INVALID_USAGE_OF_PURE_ARGUMENT,
  IndexOutOfBounds: ArgumentKind.INDEX_OUT_OF_BOUNDS,
  SecondaryIndexOutOfBounds: ArgumentKind.SECONDARY_INDEX_OUT_OF_BOUNDS,
  InvalidResultArity: ArgumentKind.INVALID_RESULT_ARITY,
  InvalidGasCoinUsage: ArgumentKind.INVALID_GAS_COIN_USAGE,
  InvalidValueUsage: ArgumentKind.INVALID_VALUE_USAGE,
  InvalidObjectByValue: ArgumentKind.INVALID_OBJECT_BY_VALUE,
  InvalidObjectByMutRef: ArgumentKind.INVALID_OBJECT_BY_MUT_REF,
  SharedObjectOperationNotAllowed: ArgumentKind.CONSENSUS_OBJECT_OPERATION_NOT_ALLOWED,
  InvalidTransferObject: ArgumentKind.INVALID_TRANSFER_OBJECT,
  InvalidMakeMoveVecNonObjectArgument: ArgumentKind.INVALID_MAKE_MOVE_VEC_NON_OBJECT_ARGUMENT,
  ArgumentWithoutValue: ArgumentKind.ARGUMENT_WITHOUT_VALUE,
  CannotMoveBorrowedValue: ArgumentKind.CANNOT_MOVE_BORROWED_VALUE,
  InvalidReferenceArgument: ArgumentKind.INVALID_REFERENCE_ARGUMENT,
};

const argumentKind = (fault: Fault) => ARGUMENT_KINDS[fault];
