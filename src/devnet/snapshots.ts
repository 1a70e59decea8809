import type { Disk } from './disk/disk.ts';
import type { NetworkDoors } from './network-options.ts';
import { decodeEntry, encodeEntry, type LogEntry } from './sui/ledger/log.ts';

/** Where a network that does not run just now has its data. */
export type NetworkData = Pick<NetworkDoors, 'disk' | 'openLog'>;

const folderOf = (name: string) => `snapshots/${name}`;
const chainOf = (name: string) => `${folderOf(name)}/chain.jsonl`;

export async function listSnapshots(disk: Disk): Promise<string[]> {
  const names: string[] = [];
  for (const name of await disk.list('snapshots')) {
    if ((await disk.read(chainOf(name))) !== undefined) names.push(name);
  }
  return names;
}

/** Keeps a copy of all data under a name, instead of the one that had it. */
export async function takeSnapshot({ disk, openLog }: NetworkData, name: string): Promise<void> {
  await disk.remove(folderOf(name));
  await copy(disk, 'nodes', `${folderOf(name)}/nodes`);
  const log = await openLog();
  const entries = await log.read().finally(() => log.close());
  // At last, because it makes the copy a whole one.
  const lines = entries.map((entry) => `${encodeEntry(entry)}\n`);
  await disk.write(chainOf(name), new TextEncoder().encode(lines.join('')));
}

/** Brings a network back to a snapshot, or without one to before its genesis. The snapshot stays. */
export async function restore(data: NetworkData, name: string | undefined): Promise<void> {
  const { disk, openLog } = data;
  const entries = name === undefined ? [] : await entriesOf(disk, name);
  // First the nodes: if this ends in the middle they know less than the chain, and hear of it again.
  await disk.remove('nodes');
  if (name !== undefined) await copy(disk, `${folderOf(name)}/nodes`, 'nodes');
  const log = await openLog();
  await log.replace(entries).finally(() => log.close());
}

export function removeSnapshot(disk: Disk, name: string): Promise<void> {
  return disk.remove(folderOf(name));
}

async function entriesOf(disk: Disk, name: string): Promise<LogEntry[]> {
  const text = new TextDecoder().decode(await disk.read(chainOf(name)));
  return text.split('\n').filter(Boolean).map(decodeEntry);
}

/** Copies a file, or a folder with all that is in it. */
async function copy(disk: Disk, from: string, to: string): Promise<void> {
  const bytes = await disk.read(from);
  if (bytes !== undefined) return disk.write(to, bytes);
  for (const name of await disk.list(from)) await copy(disk, `${from}/${name}`, `${to}/${name}`);
}
