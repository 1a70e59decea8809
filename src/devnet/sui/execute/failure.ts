import type { Address } from '../move/native.ts';

/** Why an argument of a command was refused; the names are those of Sui. */
export type ArgumentFault =
  | 'TypeMismatch'
  | 'InvalidBCSBytes'
  | 'InvalidUsageOfPureArg'
  | 'IndexOutOfBounds'
  | 'SecondaryIndexOutOfBounds'
  | 'InvalidResultArity'
  | 'InvalidGasCoinUsage'
  | 'InvalidValueUsage'
  | 'InvalidObjectByValue'
  | 'InvalidObjectByMutRef'
  | 'SharedObjectOperationNotAllowed'
  | 'InvalidTransferObject'
  | 'InvalidMakeMoveVecNonObjectArgument'
  | 'ArgumentWithoutValue'
  | 'CannotMoveBorrowedValue'
  | 'InvalidReferenceArgument';

/** Failures that need no further words. */
export type PlainFailure =
  | 'InsufficientGas'
  | 'InsufficientCoinBalance'
  | 'CoinBalanceOverflow'
  | 'FunctionNotFound'
  | 'ArityMismatch'
  | 'TypeArityMismatch'
  | 'SharedObjectOperationNotAllowed'
  | 'MovePrimitiveRuntimeError'
  | 'InvariantViolation';

export type FailureReason =
  | {
      readonly kind: 'MoveAbort';
      readonly packageId: Address;
      readonly module: string;
      readonly functionName: string;
      readonly functionIndex: number;
      readonly code: bigint;
    }
  | {
      readonly kind: 'CommandArgumentError';
      readonly argument: number;
      readonly fault: ArgumentFault;
      /** for the two out-of-bounds faults */
      readonly index?: number;
      readonly subresult?: number;
    }
  | { readonly kind: 'UnusedValueWithoutDrop'; readonly result: number; readonly subresult: number }
  | {
      readonly kind: 'TypeArgumentError';
      readonly position: number;
      readonly fault: 'TypeNotFound' | 'ConstraintNotSatisfied';
    }
  | { readonly kind: PlainFailure }
  | {
      readonly kind: 'MoveObjectTooBig';
      readonly objectSize: bigint;
      readonly maxObjectSize: bigint;
    };

/** A transaction that is executed and fails: it still costs gas and has effects. */
export class ExecutionFailure extends Error {
  override readonly name = 'ExecutionFailure';
  readonly reason: FailureReason;
  /** position of the command, undefined outside of any */
  command: number | undefined;

  constructor(reason: FailureReason, command?: number) {
    super(describe(reason));
    this.reason = reason;
    this.command = command;
  }
}

export const fail = (kind: PlainFailure) => new ExecutionFailure({ kind });

export const badArgument = (argument: number, fault: ArgumentFault) =>
  new ExecutionFailure({ kind: 'CommandArgumentError', argument, fault });

/** One line for people and logs. */
export function describe(reason: FailureReason): string {
  switch (reason.kind) {
    case 'MoveAbort':
      return `MoveAbort in ${reason.packageId}::${reason.module}::${reason.functionName}, abort code: ${reason.code}`;
    case 'CommandArgumentError':
      return `CommandArgumentError: ${reason.fault} in argument ${reason.argument}`;
    case 'UnusedValueWithoutDrop':
      return `UnusedValueWithoutDrop: value ${reason.subresult} of command ${reason.result} was not used`;
    case 'TypeArgumentError':
      return `TypeArgumentError: ${reason.fault} in type argument ${reason.position}`;
    case 'MoveObjectTooBig':
      return `MoveObjectTooBig: ${reason.objectSize} bytes, the limit is ${reason.maxObjectSize}`;
    default:
      return reason.kind;
  }
}
