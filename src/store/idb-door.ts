import { deleteDB, type IDBPDatabase, openDB } from 'idb';
import { HauloutError } from '../protocol/errors.ts';
import { asStoreFull } from './quota.ts';
import type { SpillPlaces, SpillReader, SpillWriter } from './spill.ts';

const PREFIX = 'haulout-spill-';
const PIECES = 'pieces';

/** Whether this thread has a database. */
export function hasIndexedDb(): boolean {
  return typeof indexedDB === 'object';
}

/**
 * One database per place: removing it whole is quick and gives the space back at once.
 *
 * @throws HauloutError 'store-full': even an empty database takes space
 */
async function open(name: string): Promise<IDBPDatabase> {
  try {
    return await openDB(PREFIX + name, 1, {
      upgrade: (db) => void db.createObjectStore(PIECES),
      // The owner removes the place while a thread may still have it open.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
  } catch (error) {
    throw asStoreFull(error);
  }
}

/** Spill places as databases, where files cannot be opened for direct access. */
export const idbPlaces: SpillPlaces = {
  kind: 'idb',
  async create(name) {
    (await open(name)).close();
  },
  async remove(name) {
    await deleteDB(PREFIX + name);
  },
  async list() {
    const databases = await indexedDB.databases();
    return databases
      .map((database) => database.name ?? '')
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length));
  },
};

/** One record per block and call, because WebKit keeps ArrayBuffers but no Blobs. */
export async function idbWriter(name: string, writer: number): Promise<SpillWriter> {
  const db = await open(name);
  return {
    async write(block, position, rows) {
      const rowBytes = rows[0]?.length ?? 0;
      const piece = new Uint8Array(rowBytes * rows.length);
      rows.forEach((row, i) => {
        piece.set(row, i * rowBytes);
      });
      try {
        await db.put(PIECES, piece.buffer, [block, writer, position]);
      } catch (error) {
        throw asStoreFull(error);
      }
    },
    async close() {
      db.close();
    },
  };
}

export async function idbReader(name: string): Promise<SpillReader> {
  return {
    async read({ block, rowBytes, offset }, extents, into) {
      const db = await open(name);
      try {
        for (const { writer, position, begin, end } of extents) {
          const piece: unknown = await db.get(PIECES, [block, writer, position]);
          if (!(piece instanceof ArrayBuffer)) {
            throw new HauloutError('engine-crashed', { reason: 'spill record missing' });
          }
          for (let row = begin; row < end; row++) {
            const target = into(row);
            const at = (row - begin) * rowBytes + offset;
            target.set(new Uint8Array(piece, at, target.length));
          }
        }
      } finally {
        db.close();
      }
    },
  };
}
