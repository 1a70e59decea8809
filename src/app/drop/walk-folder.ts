import type { IncomingFile } from '../../flows/prepare-item.ts';

/** Counts entries that could not be opened. */
export interface Trouble {
  count: number;
}

/** Gives the handle of a folder, where the browser has one; asked for only when a file is opened again. */
export type OpenFolder = () => Promise<FileSystemDirectoryHandle>;

/**
 * All files below an entry, depth first. Entries and not handles: in Chromium 156 the handle of a folder
 * leaves out files with names such as `what?.txt`, without a word.
 *
 * @param folder path above the entry
 * @param openFolder the folder that holds the entry
 */
export async function* walkEntry(
  entry: FileSystemEntry,
  folder: string,
  trouble: Trouble,
  openFolder?: OpenFolder,
): AsyncGenerator<IncomingFile> {
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      });
      yield openFolder === undefined
        ? { file, folder }
        : { file, folder, reopen: () => reopen(entry.name, openFolder) };
      return;
    }
    const below = join(folder, entry.name);
    const openBelow =
      openFolder && (async () => (await openFolder()).getDirectoryHandle(entry.name));
    yield* walkFolder(entry as FileSystemDirectoryEntry, below, trouble, openBelow);
  } catch {
    trouble.count++; // gone, or not ours to read
  }
}

/** The same for what lies in a folder; `folder` is its path and `openFolder` gives its handle. */
export async function* walkFolder(
  entry: FileSystemDirectoryEntry,
  folder: string,
  trouble: Trouble,
  openFolder?: OpenFolder,
): AsyncGenerator<IncomingFile> {
  const reader = entry.createReader();
  try {
    // A reader gives at most 100 entries at a time, and an empty list at the end.
    for (let children = await read(reader); children.length > 0; children = await read(reader)) {
      for (const child of children) yield* walkEntry(child, folder, trouble, openFolder);
    }
  } catch {
    trouble.count++;
  }
}

async function reopen(name: string, openFolder: OpenFolder): Promise<File> {
  const handle = await (await openFolder()).getFileHandle(name);
  return handle.getFile();
}

function read(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
