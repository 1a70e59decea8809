import { readJson } from './disk/damaged-data.ts';
import type { Disk } from './disk/disk.ts';

const FILE = 'network.json';

export const DEFAULT_PORT = 9_180; // so that the nodes begin at 9185, as real ones do

/** What a data folder belongs to. Node addresses are on chain, so the ports must stay. */
export interface NetworkRecord {
  readonly version: 1;
  readonly weights: readonly number[];
  readonly seed: string;
  readonly shuffle: boolean;
  /** rpc, faucet, relay, aggregator, admin, then the nodes */
  readonly ports: readonly number[];
}

/** The data folder belongs to another network. */
export class OtherNetworkError extends Error {
  override readonly name = 'OtherNetworkError';
}

/**
 * What the folder belongs to; undefined for an empty one.
 *
 * @throws OtherNetworkError if that is something else than `wanted`, DamagedDataError
 */
export async function readRecord(
  disk: Disk,
  wanted: Omit<NetworkRecord, 'ports' | 'version'>,
  /** undefined or 0: whatever it was before */
  basePort: number | undefined,
): Promise<NetworkRecord | undefined> {
  const bytes = await disk.read(FILE);
  if (bytes === undefined) return undefined;
  const record = readJson(new TextDecoder().decode(bytes), FILE) as NetworkRecord;
  const other = (what: string) =>
    new OtherNetworkError(
      `the data folder belongs to a network with another ${what}; give it another --data folder, or remove this one`,
    );
  if (record.version !== 1) throw other('version');
  if (record.seed !== wanted.seed) throw other('seed');
  if (record.weights.join() !== wanted.weights.join() || record.shuffle !== wanted.shuffle) {
    throw other('distribution of shards');
  }
  const [first] = record.ports;
  if (basePort && first !== basePort) {
    throw new OtherNetworkError(
      `the data folder belongs to a network from port ${first} on, and its addresses are on its chain; leave --port away, or give it another --data folder`,
    );
  }
  return record;
}

export async function writeRecord(disk: Disk, record: NetworkRecord): Promise<void> {
  await disk.write(FILE, new TextEncoder().encode(`${JSON.stringify(record)}\n`));
}
