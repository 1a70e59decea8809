/** Integers of a fixed size: what leaves the range ends the transaction, as in the VM. */
import { fail } from '../execute/failure.ts';

const U64_END = 1n << 64n;
export const U64_MAX = U64_END - 1n;
const U32_END = 2 ** 32;

export const arithmeticError = () => fail('MovePrimitiveRuntimeError');

/** The value, if it is a u64. @throws ExecutionFailure */
export function u64(value: bigint): bigint {
  if (value < 0n || value >= U64_END) throw arithmeticError();
  return value;
}

/** The value, if it is a u32. @throws ExecutionFailure */
export function u32(value: number): number {
  if (value < 0 || value >= U32_END) throw arithmeticError();
  return value;
}

/** The value, if it is a u16. @throws ExecutionFailure */
export function u16(value: number): number {
  if (value < 0 || value > 0xffff) throw arithmeticError();
  return value;
}

export function divideRoundingUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
