import type { Disk } from '../disk/disk.ts';
import {
  listSnapshots,
  type NetworkData,
  removeSnapshot,
  restore,
  takeSnapshot,
} from '../snapshots.ts';
import { AdminError } from './admin-error.ts';
import { fieldsOf, textIn } from './body.ts';

/** The data of a network that can be stopped and begun anew. */
export interface DataDoor {
  readonly disk: Disk;
  /** Does something to the data between two lives of the network. Faults end, and so do bad days. */
  use(work: (data: NetworkData) => Promise<void>): Promise<void>;
}

interface Owner {
  readonly data: DataDoor | undefined;
  readonly description: unknown;
}

export async function showSnapshots(owner: Owner) {
  return { snapshots: await listSnapshots(doorOf(owner).disk) };
}

export async function addSnapshot(owner: Owner, _: Request, [word]: readonly string[]) {
  const name = nameOf(word);
  await doorOf(owner).use((data) => takeSnapshot(data, name));
}

export async function dropSnapshot(owner: Owner, _: Request, [word]: readonly string[]) {
  const { disk } = doorOf(owner);
  await removeSnapshot(disk, await knownName(disk, word));
}

/** Back to a snapshot, or to the beginning. @returns what the network is from now on */
export async function reset(owner: Owner, request: Request) {
  const door = doorOf(owner);
  const fields = await fieldsOf(request, 'snapshot');
  const name =
    'snapshot' in fields ? await knownName(door.disk, textIn(fields, 'snapshot')) : undefined;
  await door.use((data) => restore(data, name));
  return owner.description;
}

function doorOf({ data }: Owner): DataDoor {
  if (data === undefined) throw new AdminError(409, 'this network cannot begin anew');
  return data;
}

function nameOf(word = ''): string {
  if (/^[\w-]{1,64}$/.test(word)) return word;
  throw new AdminError(400, 'a name is 1 to 64 letters, digits, - and _');
}

async function knownName(disk: Disk, word: string | undefined): Promise<string> {
  const name = nameOf(word);
  if ((await listSnapshots(disk)).includes(name)) return name;
  throw new AdminError(404, `there is no snapshot ${name}`);
}
