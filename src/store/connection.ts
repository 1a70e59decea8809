import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { asStoreFull } from './quota.ts';
import { isRow, setRecordAside, type WritableStore } from './records.ts';
import { type Schema, type SchemaStep, SET_ASIDE, type SetAside, storesOf } from './schema.ts';

type Upgrade = IDBPTransaction<unknown, string[], 'versionchange'>;

/** Databases that may be set aside before we give up. */
const MOST_COPIES = 8;

/** One database, open while it is used. */
export class Connection {
  readonly #schema: Schema;
  readonly #onSetAside: (what: SetAside) => void;
  #db: Promise<IDBPDatabase> | undefined;

  constructor(schema: Schema, onSetAside: (what: SetAside) => void) {
    this.#schema = schema;
    this.#onSetAside = onSetAside;
  }

  /**
   * Runs `work` on the open database, once more if it was closed under its hands.
   *
   * @throws HauloutError 'store-full', 'store-unavailable', and what `work` throws of this kind
   */
  async use<T>(work: (db: IDBPDatabase) => Promise<T>): Promise<T> {
    try {
      return await this.#twice(work);
    } catch (error) {
      throw unavailable(asStoreFull(error));
    }
  }

  async #twice<T>(work: (db: IDBPDatabase) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
      this.#db = undefined;
      return work(await this.#open());
    }
  }

  async close(): Promise<void> {
    const db = await this.#db?.catch(() => undefined);
    this.#db = undefined;
    db?.close();
  }

  #open(): Promise<IDBPDatabase> {
    if (this.#db !== undefined) return this.#db;
    const forget = () => {
      if (this.#db === opening) this.#db = undefined;
    };
    const opening = openReadable(this.#schema, this.#onSetAside, forget);
    opening.catch(forget);
    this.#db = opening;
    return opening;
  }
}

/** What is there is no database of ours, and stays so however often it is opened. */
class Damage extends Error {}

/** What an upgrade runs into where stores are there that should not be, or the other way round. */
const MISFITS = ['ConstraintError', 'NotFoundError'];

/**
 * Opens the first copy that can be read. A damaged one stays under its name, for a later rescue.
 *
 * @throws HauloutError 'store-unavailable' for whatever may pass: an empty copy in place of a
 *   journal that cannot be opened just now would let a payment be made twice
 */
async function openReadable(
  schema: Schema,
  tell: (what: SetAside) => void,
  onClose: () => void,
): Promise<IDBPDatabase> {
  for (let copy = 1; copy <= MOST_COPIES; copy++) {
    const name = copy === 1 ? schema.name : `${schema.name}~${copy}`;
    try {
      return await open(name, schema, tell, onClose);
    } catch (error) {
      if (!(error instanceof Damage)) throw await meaningOf(error, name, schema.steps.length);
      tell({ place: name, reason: error.message });
    }
  }
  throw unavailable(new Error(`${MOST_COPIES} databases are damaged`));
}

async function open(
  name: string,
  schema: Schema,
  tell: (what: SetAside) => void,
  onClose: () => void,
): Promise<IDBPDatabase> {
  let block: (error: unknown) => void = () => undefined;
  const blocked = new Promise<never>((_, reject) => {
    block = reject;
  });
  let failure: unknown;
  const opening = openDB(name, schema.steps.length, {
    upgrade(db, from, _to, tx) {
      // A failed upgrade is undone whole.
      tx.done.catch(() => undefined);
      upgrade(db, tx as Upgrade, schema.steps, from, tell).catch((error: DOMException) => {
        failure = MISFITS.includes(error.name)
          ? new Damage(error.message, { cause: error })
          : error;
        abort(tx as Upgrade);
      });
    },
    blocked: () => block(unavailable(new Error('another page keeps an older version open'))),
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      onClose();
    },
    terminated: onClose,
  });
  // What opens after we gave up is closed again.
  opening.catch(() => undefined);
  blocked.catch(() =>
    opening.then(
      (db) => db.close(),
      () => undefined,
    ),
  );
  const db = await Promise.race([opening, blocked]).catch((error: unknown) => {
    throw failure ?? error;
  });
  const missing = storesOf(schema).filter((store) => !db.objectStoreNames.contains(store));
  if (missing.length === 0) return db;
  db.close();
  throw new Damage(`stores are missing: ${missing.join(', ')}`);
}

function abort(tx: Upgrade): void {
  try {
    tx.abort();
  } catch {
    // the browser has given it up already
  }
}

async function meaningOf(error: unknown, name: string, known: number): Promise<HauloutError> {
  if (error instanceof DOMException && error.name === 'VersionError') {
    const db = await openDB(name).catch((cause: unknown) => Promise.reject(unavailable(cause)));
    const { version } = db;
    db.close();
    return new HauloutError('store-newer', { version, known }, { cause: error });
  }
  return unavailable(asStoreFull(error));
}

function unavailable(cause: unknown): HauloutError {
  if (isHauloutError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HauloutError('store-unavailable', { reason }, { cause });
}

async function upgrade(
  db: IDBPDatabase,
  tx: Upgrade,
  steps: readonly SchemaStep[],
  from: number,
  tell: (what: SetAside) => void,
): Promise<void> {
  if (from === 0) db.createObjectStore(SET_ASIDE, { keyPath: 'key' });
  for (const { creates = [], revises = {} } of steps.slice(from)) {
    for (const store of creates) db.createObjectStore(store, { keyPath: 'key' });
    for (const [store, revise] of Object.entries(revises)) await rewrite(tx, store, revise, tell);
  }
}

async function rewrite(
  tx: Upgrade,
  name: string,
  revise: (value: unknown) => unknown,
  tell: (what: SetAside) => void,
): Promise<void> {
  const aside = tx.objectStore(SET_ASIDE) as unknown as WritableStore;
  let cursor = await tx.objectStore(name).openCursor();
  for (; cursor !== null; cursor = await cursor.continue()) {
    const record: unknown = cursor.value;
    const value = isRow(record) ? attempt(() => revise(record.value)) : undefined;
    if (isRow(record) && value !== undefined) {
      await cursor.update({ ...record, revision: record.revision + 1, value });
    } else {
      await setRecordAside(aside, name, record, 'cannot be upgraded', tell);
      await cursor.delete();
    }
  }
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return undefined;
  }
}
