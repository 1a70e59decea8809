import { mkdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row, Write } from '../../../src/protocol/ports.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';
import type { CacheStores } from '../../../src/store/sliver-cache.ts';

/** Slivers in a folder, one file per part, for as long as the process lives. */
export class FolderStore extends MemoryStore<CacheStores> {
  readonly #folder: string;
  /** of parts, each time one was read */
  readBytes = 0;

  constructor(folder: string) {
    super();
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  override async get<S extends keyof CacheStores>(
    store: S,
    key: string,
  ): Promise<Row<CacheStores[S]> | undefined> {
    const row = await super.get(store, key);
    if (row === undefined || store !== 'parts') return row;
    const { buffer, byteOffset, byteLength } = await readFile(this.#path(key));
    this.readBytes += byteLength;
    return { ...row, value: buffer.slice(byteOffset, byteOffset + byteLength) as CacheStores[S] };
  }

  override async commit(writes: readonly Write<CacheStores>[]): Promise<void> {
    const light: Write<CacheStores>[] = [];
    for (const write of writes) {
      const { store, key, value } = write;
      if (store === 'parts') {
        if (value === undefined) await rm(this.#path(key), { force: true });
        else await writeFile(this.#path(key), new Uint8Array(value as ArrayBuffer));
      }
      const isPart = store === 'parts' && value !== undefined;
      light.push(isPart ? ({ ...write, value: new ArrayBuffer(0) } as Write<CacheStores>) : write);
    }
    await super.commit(light);
  }

  #path(key: string): string {
    return join(this.#folder, key.replaceAll('/', '+'));
  }
}
