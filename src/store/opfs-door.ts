import { HauloutError } from '../protocol/errors.ts';
import { asStoreFull } from './quota.ts';
import type { SpillExtent, SpillPart, SpillPlaces, SpillReader, SpillWriter } from './spill.ts';

const FOLDER = 'haulout-spill';
/** What ended threads and removed places held, locks and room, is free a little later. */
const TRIES = 40;
const PAUSE_MS = 50;

/** Whether this thread can open files of the origin's private file system for direct access. */
export function hasSyncAccess(): boolean {
  return (
    typeof FileSystemFileHandle === 'function' &&
    'createSyncAccessHandle' in FileSystemFileHandle.prototype &&
    hasFileSystem()
  );
}

/** Whether this thread can reach the origin's private file system. */
export function hasFileSystem(): boolean {
  return typeof navigator === 'object' && typeof navigator.storage?.getDirectory === 'function';
}

const ROOM_STEPS = 12;

/**
 * How many of `bytes` there is room for now: a file is made that long, without contents, and removed. What browsers
 * estimate may be far more (Chromium 156 claims 10 GiB, whatever is left). Needs `hasSyncAccess`.
 *
 * @param name of a spill place that nobody else has; what a crash leaves of it is swept
 */
export async function roomFor(bytes: number, name: string): Promise<number> {
  const folder = await spillFolder();
  const place = await folder.getDirectoryHandle(name, { create: true });
  const file = await (await place.getFileHandle('room', { create: true })).createSyncAccessHandle();
  const fits = (size: number) => {
    try {
      file.truncate(size);
    } catch {
      return false;
    }
    return file.getSize() === size; // Chromium does not throw, and does nothing
  };
  try {
    if (fits(bytes)) return bytes;
    let [room, tooMuch] = [0, bytes];
    for (let step = 0; step < ROOM_STEPS; step++) {
      const middle = Math.floor((room + tooMuch) / 2);
      if (fits(middle)) room = middle;
      else tooMuch = middle;
    }
    return room;
  } finally {
    file.close();
    await folder.removeEntry(name, { recursive: true }).catch(() => undefined);
  }
}

async function spillFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

/** Spill places as folders of the origin private file system. */
export const opfsPlaces: SpillPlaces = {
  kind: 'opfs',
  async create(name) {
    const folder = await spillFolder();
    await patiently(async () => void (await folder.getDirectoryHandle(name, { create: true })));
  },
  async remove(name) {
    const folder = await spillFolder();
    await patiently(() => folder.removeEntry(name, { recursive: true }), 'NotFoundError');
  },
  async list() {
    const names: string[] = [];
    for await (const name of (await spillFolder()).keys()) names.push(name);
    return names;
  },
};

/** Tries again until it succeeds or nothing is left to do, which `done` is the name of. */
async function patiently(work: () => Promise<void>, done?: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === done) return;
      if (tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/**
 * Files that are being opened. Without it a handle could be collected while its file is opened, and
 * the file then opened half a minute later or not at all (Chromium 156, about once in 1500 times).
 */
const opening = new Set<FileSystemFileHandle>();

async function openFile(
  place: FileSystemDirectoryHandle,
  writer: number,
  block: number,
  create: boolean,
): Promise<FileSystemSyncAccessHandle> {
  try {
    const file = await place.getFileHandle(`${writer}-${block}`, { create });
    opening.add(file);
    return await file.createSyncAccessHandle().finally(() => opening.delete(file));
  } catch (error) {
    throw asStoreFull(error);
  }
}

/** One file per block. Runs in dedicated workers only. */
export async function opfsWriter(name: string, writer: number): Promise<SpillWriter> {
  const place = await (await spillFolder()).getDirectoryHandle(name);
  const files = new Map<number, FileSystemSyncAccessHandle>();
  return {
    async write(block, position, rows) {
      const file = files.get(block) ?? (await openFile(place, writer, block, true));
      files.set(block, file);
      let at = position * (rows[0]?.length ?? 0);
      for (const row of rows) {
        writeAll(file, row, at);
        at += row.length;
      }
    },
    async close() {
      for (const file of files.values()) file.close();
      files.clear();
    },
  };
}

function writeAll(file: FileSystemSyncAccessHandle, bytes: Uint8Array, at: number): void {
  let written = 0;
  try {
    written = file.write(bytes as Uint8Array<ArrayBuffer>, { at });
  } catch (error) {
    throw asStoreFull(error);
  }
  // Some browsers write less instead of throwing when the quota is reached.
  if (written !== bytes.length) throw new HauloutError('store-full', {});
}

/** Reads the files of all writers. Runs in dedicated workers only. */
export async function opfsReader(name: string): Promise<SpillReader> {
  const place = await (await spillFolder()).getDirectoryHandle(name);
  return {
    async read(part, extents, into) {
      for (const writer of new Set(extents.map((extent) => extent.writer))) {
        const file = await openFile(place, writer, part.block, false);
        try {
          for (const extent of extents) {
            if (extent.writer === writer) readExtent(file, extent, part, into);
          }
        } finally {
          file.close();
        }
      }
    },
  };
}

function readExtent(
  file: FileSystemSyncAccessHandle,
  extent: SpillExtent,
  { rowBytes, offset }: SpillPart,
  into: (row: number) => Uint8Array,
): void {
  for (let row = extent.begin; row < extent.end; row++) {
    const at = (extent.position + row - extent.begin) * rowBytes + offset;
    const target = into(row) as Uint8Array<ArrayBuffer>;
    if (file.read(target, { at }) === target.length) continue;
    throw new HauloutError('engine-crashed', { reason: 'short spill read' });
  }
}
