import type { IncomingFile } from '../../flows/prepare-item.ts';

/** Counts entries that could not be opened. */
export interface Trouble {
  count: number;
}

/** All files below a handle, depth first. `folder` is the path above it. */
export async function* walkHandle(
  handle: FileSystemHandle,
  folder: string,
  trouble: Trouble,
): AsyncGenerator<IncomingFile> {
  try {
    if (handle.kind === 'file') {
      const fileHandle = handle as FileSystemFileHandle;
      yield { file: await fileHandle.getFile(), folder, reopen: () => fileHandle.getFile() };
      return;
    }
    const below = join(folder, handle.name);
    for await (const child of (handle as FileSystemDirectoryHandle).values()) {
      yield* walkHandle(child, below, trouble);
    }
  } catch {
    trouble.count++; // gone, or not ours to read
  }
}

/** The same for browsers without handles. */
export async function* walkEntry(
  entry: FileSystemEntry,
  folder: string,
  trouble: Trouble,
): AsyncGenerator<IncomingFile> {
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      });
      yield { file, folder };
      return;
    }
    const below = join(folder, entry.name);
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // A reader gives at most 100 entries at a time, and an empty list at the end.
    for (let children = await read(reader); children.length > 0; children = await read(reader)) {
      for (const child of children) yield* walkEntry(child, below, trouble);
    }
  } catch {
    trouble.count++;
  }
}

function read(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
