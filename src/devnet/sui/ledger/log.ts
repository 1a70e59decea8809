import type { FailureReason } from '../execute/failure.ts';

/** What the ledger was made of and what happened to it, one entry per line. */
export type LogEntry =
  | { readonly kind: 'genesis'; readonly chain: string; readonly startMs: number }
  | {
      readonly kind: 'transaction';
      /** base64 */
      readonly bytes: string;
      /** base64 */
      readonly signatures: readonly string[];
      readonly timestampMs: number;
      /** base58, so that a replay that goes another way is noticed */
      readonly effects: string;
      /** the fault that made it fail */
      readonly forced?: FailureReason;
    }
  /** a new epoch of Sui begins, with a gas price in MIST per unit */
  | {
      readonly kind: 'epoch';
      readonly epoch: string;
      readonly gasPrice: string;
      readonly timestampMs: number;
    }
  /** the clock was put forward, from here on */
  | { readonly kind: 'clock'; readonly offsetMs: number }
  /** a checkpoint without transactions */
  | { readonly kind: 'checkpoint'; readonly timestampMs: number };

/** Where the entries are kept. While a chain lives on them, they are only added to. */
export interface ChainLog {
  /** All whole entries, oldest first; a torn last one is left out, and overwritten. */
  read(): Promise<readonly LogEntry[]>;
  /** Resolves when the entry is safe. Entries are kept in the order of the calls. */
  append(entry: LogEntry): Promise<void>;
  /** Other entries instead of all of these, at once; nothing is appended before it is opened again. */
  replace(entries: readonly LogEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** bigint as text with an `n` at the end, everything else as JSON. */
export const encodeEntry = (entry: LogEntry): string =>
  JSON.stringify(entry, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));

export const decodeEntry = (line: string): LogEntry =>
  JSON.parse(line, (key, value) =>
    key === 'code' && typeof value === 'string' ? BigInt(value.slice(0, -1)) : value,
  ) as LogEntry;

/**
 * A log that lives as long as the object: for tests and the simulator, which may open a chain on it again.
 *
 * @param earlier what another log had; it stays as it is
 */
export function memoryLog(
  earlier: readonly LogEntry[] = [],
): ChainLog & { readonly lines: string[] } {
  let before = earlier;
  const lines: string[] = [];
  return {
    lines,
    read: async () => [...before, ...lines.map(decodeEntry)],
    append: async (entry) => {
      lines.push(encodeEntry(entry));
    },
    replace: async (entries) => {
      before = [];
      lines.splice(0, lines.length, ...entries.map(encodeEntry));
    },
    close: async () => {},
  };
}
