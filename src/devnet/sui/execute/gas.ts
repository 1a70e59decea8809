/** What a transaction costs, in MIST. */
export interface GasUsed {
  readonly computationCost: bigint;
  readonly storageCost: bigint;
  /** given back for what is no longer stored (99 %) */
  readonly storageRebate: bigint;
  /** the part of it that is kept (1 %) */
  readonly nonRefundableStorageFee: bigint;
}

/** What a chain starts with; it may change with the epoch. */
export const FIRST_GAS_PRICE = 1_000n;
/** The smallest computation bucket: every transaction of this chain falls into it. */
export const COMPUTATION_UNITS = 1_000n;
const MIST_PER_BYTE = 7_600n;
const REBATE_BASIS_POINTS = 9_900n;
const BASIS_POINTS = 10_000n;

export const storageCost = (objectBytes: number): bigint => BigInt(objectBytes) * MIST_PER_BYTE;

/** @param rebates sum of what was once paid for the objects that are rewritten or removed */
export function gasUsed(price: bigint, storage: bigint, rebates: bigint): GasUsed {
  const refunded = (rebates * REBATE_BASIS_POINTS + BASIS_POINTS / 2n) / BASIS_POINTS;
  return {
    computationCost: COMPUTATION_UNITS * price,
    storageCost: storage,
    storageRebate: refunded,
    nonRefundableStorageFee: rebates - refunded,
  };
}

/** What leaves the gas coin; negative when more is given back. */
export const netGas = (gas: GasUsed): bigint =>
  gas.computationCost + gas.storageCost - gas.storageRebate;
