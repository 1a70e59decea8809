/**
 * A folder of files, as far as the local network needs one. Paths are relative, with `/` between names, and never
 * contain `..`. Every write is whole or absent after a crash.
 */
export interface Disk {
  /** The whole file, or undefined if there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** A file to be read in pieces, or undefined if there is none. The caller closes it. */
  open(path: string): Promise<OpenFile | undefined>;
  /** Replaces the file; other readers see the old bytes or the new ones, never a mixture. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end of a file, which is created if there is none. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Names in a folder, sorted; empty if there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Removes a file, or a folder with all that is in it; nothing happens if there is none. */
  remove(path: string): Promise<void>;
}

export interface OpenFile {
  /** length in bytes when it was opened */
  readonly bytes: number;
  /** The bytes `begin..end`, fewer if the file ends before. */
  read(begin: number, end: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The part of a disk below a folder, as a disk of its own. */
export function subdisk(disk: Disk, folder: string): Disk {
  const at = (path: string) => (path === '' ? folder : `${folder}/${path}`);
  return {
    read: (path) => disk.read(at(path)),
    open: (path) => disk.open(at(path)),
    write: (path, bytes) => disk.write(at(path), bytes),
    append: (path, bytes) => disk.append(at(path), bytes),
    list: (path) => disk.list(at(path)),
    remove: (path) => disk.remove(at(path)),
  };
}
