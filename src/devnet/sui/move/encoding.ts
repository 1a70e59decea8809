import { arithmeticError } from './arithmetic.ts';
import { type Call, check } from './call.ts';

export const RS2 = 1;

const MAX_SYMBOL = 0xffff; // it is a u16 in the contract

/**
 * The encoded size of a blob as the contract counts it.
 *
 * @param size unencoded length
 * @throws ExecutionFailure where the contract leaves the range of u16
 */
export function encodedBlobLength(
  call: Call,
  size: bigint,
  encodingType: number,
  shardCount: number,
): bigint {
  check(call, encodingType === RS2, 'encoding', 0, 'encoded_blob_length');
  return redstuffLength(size, shardCount);
}

export function redstuffLength(size: bigint, shardCount: number): bigint {
  const n = BigInt(shardCount);
  if (n === 0n) throw arithmeticError();
  const faulty = (n - 1n) / 3n;
  const rows = n - 2n * faulty;
  const columns = n - faulty;
  const least = ((size === 0n ? 1n : size) - 1n) / (rows * columns) + 1n;
  if (least >= MAX_SYMBOL) throw arithmeticError();
  const symbol = least + (least % 2n);
  return n * ((rows + columns) * symbol + n * 64n + 32n);
}
