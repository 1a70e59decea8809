import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Disk, OpenFile } from './disk.ts';

export interface FileDiskOptions {
  /**
   * `strict` (default) waits until data is on the medium and survives a power loss; `relaxed` leaves that to the
   * operating system and survives the end of this process only.
   */
  readonly durability?: 'strict' | 'relaxed';
}

/** A disk in a folder of the real one. A file is written under another name, synced, then renamed. */
export class FileDisk implements Disk {
  readonly #root: string;
  readonly #strict: boolean;
  readonly #made = new Set<string>();
  #temporary = 0;

  /** @param root absolute path of a folder, made when first needed */
  constructor(root: string, options: FileDiskOptions = {}) {
    this.#root = root;
    this.#strict = options.durability !== 'relaxed';
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return absent(readFile(this.#at(path))); // a folder is no file
  }

  async open(path: string): Promise<OpenFile | undefined> {
    const handle = await absent(open(this.#at(path), 'r'));
    if (handle === undefined) return undefined;
    try {
      const { size } = await handle.stat();
      return {
        bytes: size,
        async read(begin, end) {
          const into = new Uint8Array(Math.max(0, Math.min(end, size) - begin));
          const { bytesRead } = await handle.read(into, 0, into.length, begin);
          return into.subarray(0, bytesRead);
        },
        close: () => handle.close(),
      };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    return this.#inFolder(path, (target, folder) => this.#replace(target, folder, bytes));
  }

  async #replace(target: string, folder: string, bytes: Uint8Array): Promise<void> {
    // The dot keeps what a crash leaves behind out of every list.
    const temporary = join(folder, `.${this.#temporary++}.tmp`);
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      if (this.#strict) await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
    if (this.#strict) await syncFolder(folder);
  }

  append(path: string, bytes: Uint8Array): Promise<void> {
    return this.#inFolder(path, async (target) => {
      const handle = await open(target, 'a');
      try {
        await handle.writeFile(bytes);
        if (this.#strict) await handle.datasync();
      } finally {
        await handle.close();
      }
    });
  }

  async list(folder: string): Promise<readonly string[]> {
    const names = await absent(readdir(this.#at(folder)));
    return (names ?? []).filter((name) => !name.startsWith('.')).sort();
  }

  async remove(path: string): Promise<void> {
    const target = this.#at(path);
    // First out of the way: what is being written below it meanwhile fails as a whole, or stays as a whole.
    const gone = join(dirname(target), `.${this.#temporary++}.gone`);
    await rm(gone, { recursive: true, force: true }); // of a process that ended in the middle
    if ((await absent(rename(target, gone).then(() => true))) !== true) return;
    this.#made.clear();
    await rm(gone, { recursive: true, force: true });
  }

  /** Works on a file in a folder that is made if need be, again if it went away meanwhile. */
  async #inFolder(
    path: string,
    work: (target: string, folder: string) => Promise<void>,
  ): Promise<void> {
    const target = this.#at(path);
    const folder = dirname(target);
    const attempt = () => this.#make(folder).then(() => work(target, folder));
    if ((await absent(attempt().then(() => true))) === true) return;
    this.#made.clear();
    await attempt();
  }

  #at(path: string): string {
    // Callers build paths from parsed values; this is the last line of defence.
    if (path.split('/').includes('..') || path.includes('\0') || path.startsWith('/')) {
      throw new RangeError(`not a path inside the data folder: ${JSON.stringify(path)}`);
    }
    return join(this.#root, path);
  }

  async #make(folder: string): Promise<void> {
    if (this.#made.has(folder)) return;
    await mkdir(folder, { recursive: true });
    this.#made.add(folder);
  }
}

/** Makes a rename durable. Windows cannot sync folders and does not need to. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function absent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
