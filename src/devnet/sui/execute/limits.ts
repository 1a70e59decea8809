/** Limits of Sui's protocol that a transaction of this size can meet. */
export const LIMITS = {
  transactionBytes: 128 * 1024,
  commands: 1024,
  inputObjects: 2048,
  arguments: 512,
  gasCoins: 256,
  pureBytes: 16 * 1024,
  typeArguments: 16,
  createdIds: 2048,
  events: 1024,
  objectBytes: 250 * 1024,
  /** MIST */
  maxBudget: 50_000_000_000n,
} as const;
