import type { Disk, OpenFile } from './disk.ts';

/**
 * A disk in memory. It settles within micro-tasks, so that it has no timing of its own, and hands out copies, so that
 * nobody can change what is stored.
 */
export class MemoryDisk implements Disk {
  readonly #files = new Map<string, Uint8Array>();
  readonly #folders = new Map<string, Map<string, number>>(); // names, and files below each

  /** Another disk with the same files. */
  copy(): MemoryDisk {
    const copy = new MemoryDisk();
    for (const [path, bytes] of this.#files) copy.#files.set(path, bytes); // never changed in place
    for (const [folder, names] of this.#folders) copy.#folders.set(folder, new Map(names));
    return copy;
  }

  /** bytes of all files */
  get usedBytes(): number {
    let sum = 0;
    for (const bytes of this.#files.values()) sum += bytes.length;
    return sum;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.#files.get(path)?.slice();
  }

  async open(path: string): Promise<OpenFile | undefined> {
    const bytes = this.#files.get(path);
    if (bytes === undefined) return undefined;
    return {
      bytes: bytes.length,
      read: async (begin, end) => bytes.slice(begin, end),
      close: async () => undefined,
    };
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    if (!this.#files.has(path)) this.#count(path, 1);
    this.#files.set(path, bytes.slice());
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    const old = this.#files.get(path) ?? new Uint8Array();
    const joined = new Uint8Array(old.length + bytes.length);
    joined.set(old);
    joined.set(bytes, old.length);
    await this.write(path, joined);
  }

  async list(folder: string): Promise<readonly string[]> {
    return [...(this.#folders.get(folder)?.keys() ?? [])].sort();
  }

  async remove(path: string): Promise<void> {
    if (this.#files.delete(path)) {
      this.#count(path, -1);
      return;
    }
    for (const name of await this.list(path)) {
      await this.remove(path === '' ? name : `${path}/${name}`);
    }
  }

  /** Keeps the folders' lists of names. */
  #count(path: string, by: 1 | -1): void {
    const names = path.split('/');
    for (let depth = names.length - 1; depth >= 0; depth--) {
      const folder = names.slice(0, depth).join('/');
      const name = names[depth] ?? '';
      const entries = this.#folders.get(folder) ?? new Map<string, number>();
      this.#folders.set(folder, entries);
      const count = (entries.get(name) ?? 0) + by;
      if (count > 0) entries.set(name, count);
      else entries.delete(name);
      if (entries.size === 0) this.#folders.delete(folder);
    }
  }
}
