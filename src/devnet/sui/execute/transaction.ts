import { bcs } from '@mysten/sui/bcs';
import { taggedDigest } from '../ledger/ledger-object.ts';
import { invalid, unimplemented } from '../status.ts';
import { LIMITS } from './limits.ts';

/** A transaction as `bcs.TransactionData` parses it (version 1). */
export type TransactionData = (typeof bcs.TransactionDataV1)['$inferType'];
export type CallArg = (typeof bcs.CallArg)['$inferType'];
export type Command = (typeof bcs.Command)['$inferType'];
export type Argument = (typeof bcs.Argument)['$inferType'];
export type ObjectRef = (typeof bcs.SuiObjectRef)['$inferType'];

export interface Programmable {
  readonly inputs: readonly CallArg[];
  readonly commands: readonly Command[];
}

/** A transaction that can be executed: bytes and digest belong together. */
export interface ParsedTransaction {
  readonly bytes: Uint8Array;
  /** base58 */
  readonly digest: string;
  readonly data: TransactionData;
  readonly programmable: Programmable;
}

/** @throws RpcStatus INVALID_ARGUMENT, UNIMPLEMENTED for kinds that people do not send */
export function parseTransaction(bytes: Uint8Array): ParsedTransaction {
  if (bytes.length > LIMITS.transactionBytes) {
    throw invalid(
      `the transaction has ${bytes.length} bytes, the limit is ${LIMITS.transactionBytes}`,
    );
  }
  let data: TransactionData;
  let canonical: Uint8Array;
  try {
    data = bcs.TransactionData.parse(bytes).V1;
    canonical = transactionBytes(data);
  } catch (cause) {
    throw invalid(`the transaction is not valid BCS: ${(cause as Error).message}`);
  }
  if (!sameBytes(bytes, canonical)) {
    throw invalid('the transaction is not valid BCS: it has trailing or non-canonical bytes');
  }
  return { bytes, digest: transactionDigest(bytes), data, programmable: programmableOf(data) };
}

export function parsedFrom(data: TransactionData): ParsedTransaction {
  const bytes = transactionBytes(data);
  return { bytes, digest: transactionDigest(bytes), data, programmable: programmableOf(data) };
}

export const transactionDigest = (bytes: Uint8Array) => taggedDigest('TransactionData', bytes);

export function transactionBytes(data: TransactionData): Uint8Array {
  return bcs.TransactionData.serialize(
    { V1: data },
    { initialSize: 4096, maxSize: 4 * LIMITS.transactionBytes },
  ).toBytes();
}

function programmableOf(data: TransactionData): Programmable {
  if (data.kind.$kind !== 'ProgrammableTransaction') {
    throw unimplemented(
      `the local chain takes programmable transactions only, not ${data.kind.$kind}`,
    );
  }
  return data.kind.ProgrammableTransaction;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
