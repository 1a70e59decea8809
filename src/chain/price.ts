const UNIT_BYTES = 1_048_576; // MiB: what the contract charges for

/** Units that the contract charges for; `encodedBytes` is what storage is bought for. */
export function storageUnits(encodedBytes: number): bigint {
  return BigInt(Math.ceil(encodedBytes / UNIT_BYTES));
}

/** Prices in FROST per unit (and epoch, for storage). */
export interface Prices {
  readonly storagePriceFrost: bigint;
  readonly writePriceFrost: bigint;
}

/** FROST for storage of `encodedBytes` over `epochs`. */
export function storageFrost(prices: Prices, encodedBytes: number, epochs: number): bigint {
  return storageUnits(encodedBytes) * prices.storagePriceFrost * BigInt(epochs);
}

/** FROST for registering a blob of `encodedBytes`. */
export function writeFrost(prices: Prices, encodedBytes: number): bigint {
  return storageUnits(encodedBytes) * prices.writePriceFrost;
}
