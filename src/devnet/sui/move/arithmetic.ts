/** An integer left the range of its type, or a division by zero. Ends the transaction, as in the VM. */
export class ArithmeticError extends Error {
  override readonly name = 'ArithmeticError';

  constructor() {
    super('arithmetic error');
  }
}

const U64_END = 1n << 64n;
export const U64_MAX = U64_END - 1n;
const U32_END = 2 ** 32;

/** The value, if it is a u64. @throws ArithmeticError */
export function u64(value: bigint): bigint {
  if (value < 0n || value >= U64_END) throw new ArithmeticError();
  return value;
}

/** The value, if it is a u32. @throws ArithmeticError */
export function u32(value: number): number {
  if (value < 0 || value >= U32_END) throw new ArithmeticError();
  return value;
}

/** The value, if it is a u16. @throws ArithmeticError */
export function u16(value: number): number {
  if (value < 0 || value > 0xffff) throw new ArithmeticError();
  return value;
}

export function divideRoundingUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
