import type { SuiClientTypes } from '@mysten/sui/client';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { HauloutError } from '../protocol/errors.ts';
import type { TransactionFailure } from './chain-client.ts';

/** Where a Move function gave up, in the words of the contract. */
const ABORTS: Readonly<Record<string, string>> = {
  'system 1': 'the contract was upgraded',
  'system_state_inner 1': 'the network has no free space for it',
  'system_state_inner 2': 'it reaches further ahead than the network sells',
  'system_state_inner 11': 'no space was asked for',
  'blob 0': 'it is not certified',
  'blob 1': 'it cannot be deleted',
  'blob 2': 'its time is over',
  'blob 3': 'its storage is too small',
  'blob 5': 'it is certified already',
  'blob 6': 'its ID does not belong to it',
  'blob 9': 'the certificate is for the other kind of blob',
  'blob 10': 'the certificate is for another object',
  'encoding 0': 'its encoding is not known',
  'bls_aggregate 0': 'the signers of the certificate are no members',
  'bls_aggregate 1': 'the certificate is signed wrongly',
  'bls_aggregate 2': 'too few have signed the certificate',
  'messages 1': 'the certificate is of another epoch',
  'balance 2': 'the payment is too small',
};

export function failureOf(error: SuiClientTypes.ExecutionError | null): TransactionFailure {
  if (error?.$kind !== 'MoveAbort') return { reason: error?.message ?? 'unknown' };
  const { abortCode, location } = error.MoveAbort;
  const { package: packageId = '', module = '', functionName = '' } = location ?? {};
  const code = Number(abortCode);
  const words = ABORTS[`${module} ${code}`];
  const place = `${module}::${functionName} ${code}`;
  return {
    reason: words ? `${words} (${place})` : place,
    abort: { packageId: normalizeSuiAddress(packageId), module, functionName, code },
  };
}

const isAbort = ({ abort }: TransactionFailure, module: string, code: number) =>
  abort?.module === module && abort.code === code;

/** The contract was upgraded since its state was read. */
export const isWrongVersion = (failure: TransactionFailure) => isAbort(failure, 'system', 1);

/** The certificates are of an epoch that is over: to be collected again. */
export const isOldCertificate = (failure: TransactionFailure) => isAbort(failure, 'messages', 1);

/**
 * Why a transaction that was tried cannot be sent, as an error.
 *
 * @param digest of a transaction that was executed and failed, with the fee that it cost
 */
export function refusal(
  failure: TransactionFailure,
  executed: { digest?: string; feeMist?: bigint; capFrost?: bigint; neededBytes?: number } = {},
): HauloutError {
  const { digest, feeMist, capFrost, neededBytes } = executed;
  if (isAbort(failure, 'system_state_inner', 1) && neededBytes !== undefined) {
    return new HauloutError('capacity-full', { neededBytes });
  }
  if (isAbort(failure, 'balance', 2) && capFrost !== undefined) {
    return new HauloutError('price-over-cap', { nowFrost: '', capFrost: capFrost.toString() });
  }
  return new HauloutError('transaction-refused', {
    reason: failure.reason,
    ...(digest !== undefined && { digest }),
    ...(feeMist !== undefined && { feeMist: feeMist.toString() }),
  });
}
