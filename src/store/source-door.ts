import { mayRead } from './may-read.ts';
import { asStoreFull } from './quota.ts';

const FOLDER = 'haulout-sources';

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

/** Copies of sources by names of our own making. */
export interface SourceCopies {
  copy(name: string, source: Blob, signal: AbortSignal): Promise<void>;
  open(name: string): Promise<Blob | undefined>;
  remove(name: string): Promise<void>;
}

/**
 * Copies the bytes of an upload to the origin's private files, where they stay until removed. A copy
 * is there whole or not at all.
 *
 * @param name says what the bytes are, such as a blob ID: a copy that is there is not made again
 * @throws HauloutError 'store-full'
 */
export async function copySource(name: string, source: Blob, signal?: AbortSignal): Promise<void> {
  const place = await folder();
  const isThere = async () => (await copiedSource(name))?.size === source.size;
  if (await isThere()) return;
  try {
    const file = await place.getFileHandle(name, { create: true });
    await source.stream().pipeTo(await file.createWritable(), signal ? { signal } : {});
  } catch (error) {
    // Another job may have completed it meanwhile.
    if (!(await isThere())) await place.removeEntry(name).catch(() => undefined);
    throw asStoreFull(error);
  }
}

/** The copy, or undefined if there is none. */
export async function copiedSource(name: string): Promise<File | undefined> {
  try {
    return await (await (await folder()).getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

/** Removes the copy; no error if there is none. */
export async function removeSource(name: string): Promise<void> {
  try {
    await (await folder()).removeEntry(name);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
  }
}

export const privateCopies: SourceCopies = {
  copy: copySource,
  open: copiedSource,
  remove: removeSource,
};

/**
 * The file behind a handle that a database kept.
 *
 * @param ask whether the browser may ask the person; only right after a click
 * @returns undefined where the file cannot be had, or not without asking
 */
export async function fileOfHandle(
  handle: FileSystemFileHandle,
  ask: boolean,
): Promise<File | undefined> {
  try {
    return (await mayRead(handle, ask)) ? await handle.getFile() : undefined;
  } catch {
    return undefined; // the file is gone, or the page may not ask now
  }
}
