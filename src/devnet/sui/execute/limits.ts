/**
 * Limits of Sui's protocol that a transaction of this size can meet, each the largest value that is taken. (Sui counts
 * commands, arguments and bytes of a pure input up to, but not including, the number in its configuration.)
 */
export const LIMITS = {
  /** with the signatures */
  transactionBytes: 128 * 1024,
  commands: 1024 - 1,
  /** objects and packages, each once; pure inputs do not count */
  inputObjects: 2048,
  /** of a call, or in the list of another command */
  arguments: 512 - 1,
  gasCoins: 256,
  pureBytes: 16 * 1024 - 1,
  typeArguments: 16 - 1,
  createdIds: 2048,
  events: 1024,
  objectBytes: 250 * 1024,
  /** MIST */
  maxBudget: 50_000_000_000n,
} as const;
