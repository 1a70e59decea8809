import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { Row, Write } from '../../../src/protocol/ports.ts';
import { MemoryStore, type StoreSnapshot } from '../../../src/store/memory-store.ts';

/**
 * A store in one file: a commit that has answered survives SIGKILL. Every commit writes the file
 * anew beside the old one and takes its place, so there is never a half of one.
 */
export class FileStore<Stores> extends MemoryStore<Stores> {
  readonly #path: string;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    super();
    this.#path = path;
    if (existsSync(path)) this.restore(readSnapshot(path));
  }

  override commit(writes: readonly Write<Stores>[]): Promise<void> {
    const done = this.#last.catch(() => undefined).then(() => this.#commit(writes));
    this.#last = done;
    return done;
  }

  async #commit(writes: readonly Write<Stores>[]): Promise<void> {
    await super.commit(writes);
    const beside = `${this.#path}.new`;
    const file = await open(beside, 'w');
    await file.writeFile(serialize(this.snapshot()));
    await file.sync();
    await file.close();
    await rename(beside, this.#path);
  }
}

/** What a process has left in its file. */
export function readSnapshot(path: string): StoreSnapshot {
  const read: ReadonlyMap<string, ReadonlyMap<string, Row<unknown>>> = deserialize(
    readFileSync(path),
  );
  // Views of the one buffer that was read would keep all of it.
  return structuredClone(read);
}
