import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import type { DurableStore, Row, Write } from '../protocol/ports.ts';
import type { IntentFact, JobRecord, JournalStores, NodeHoldings } from './journal-facts.ts';
import { type IntentState, intentState, nextState } from './journal-state.ts';
import { SET_ASIDE, type SetAside } from './schema.ts';

export type ClientStore = DurableStore<JournalStores>;

const ALL = { begin: '', end: '\uffff' };
const below = (prefix: string) => ({ begin: `${prefix}/`, end: `${prefix}0` }); // '0' follows '/'
const keyOf = (intentId: string, revision: number) =>
  `${intentId}/${String(revision).padStart(8, '0')}`;

export const sourceKey = (jobId: string, blobId: string) => `${blobId}/${jobId}`;

const DAMAGED = 'the facts of an upload do not fit together';

/** Whether this is about what is stored of one intent, and not about the store. */
export function isDamage(error: unknown): error is HauloutError<'store-unavailable'> {
  return isHauloutError(error, 'store-unavailable') && error.detail.reason.startsWith(DAMAGED);
}

/** Jobs and the facts of their intents, in a client's database. */
export class Journal {
  readonly store: ClientStore;
  readonly #onSetAside: (what: SetAside) => void;

  /** @param onSetAside is told of a fact that could not be read; it is kept */
  constructor(store: ClientStore, onSetAside: (what: SetAside) => void = () => undefined) {
    this.store = store;
    this.#onSetAside = onSetAside;
  }

  /** Writes down a job and the plans of its intents, all or nothing. */
  async begin(
    job: JobRecord,
    plans: readonly (readonly [intentId: string, facts: readonly IntentFact[]])[],
    more: readonly Write<JournalStores>[] = [],
  ): Promise<void> {
    await this.store.commit(
      [
        { store: 'jobs', key: job.jobId, value: job, expect: 0 },
        ...plans.flatMap(([id, facts]) => facts.map((fact, i) => factWrite(id, i + 1, fact))),
        ...more,
      ],
      'strict',
    );
  }

  /** Writes down whether the end of a job has still to be told; nothing if another tab was quicker. */
  async setNews(jobId: string, isNews: boolean): Promise<void> {
    const row = await this.store.get('jobs', jobId);
    if (row === undefined) return; // forgotten meanwhile
    const write = { store: 'jobs', key: jobId, value: { ...row.value, isNews } } as const;
    try {
      await this.store.commit([{ ...write, expect: row.revision }], 'strict');
    } catch (error) {
      if (!isHauloutError(error, 'revision-stale')) throw error;
    }
  }

  async jobs(): Promise<readonly JobRecord[]> {
    return (await this.store.scan('jobs', ALL)).map(({ value }) => value);
  }

  async job(jobId: string): Promise<JobRecord | undefined> {
    return (await this.store.get('jobs', jobId))?.value;
  }

  /**
   * What is known of an intent. A last fact that cannot be read is set aside: whatever it said, the
   * facts before it are those of a process that ended there, and lead to the same questions.
   *
   * @throws HauloutError 'store-unavailable' if an earlier fact is missing or cannot be read; all are
   *   kept
   */
  async intent(intentId: string): Promise<IntentState | undefined> {
    const rows = await this.store.scan('facts', below(intentId));
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    const state = stateOf(rows);
    const isWhole = rows.every(({ key }, at) => key === keyOf(intentId, at + 1));
    if (isWhole && !(state instanceof Error)) return state;
    const before = stateOf(rows.slice(0, -1));
    if (!isWhole || !(state instanceof Error) || before instanceof Error) {
      const reason = `${DAMAGED}: ${intentId}`;
      throw new HauloutError('store-unavailable', { reason }, { cause: state });
    }
    return (await this.#setAside(last, state)) ? before : this.intent(intentId);
  }

  /** @returns false if somebody else has changed it meanwhile */
  async #setAside(row: Row<IntentFact>, { message: reason }: Error): Promise<boolean> {
    const { key, revision } = row;
    const place = `facts/${key}`;
    const range = { begin: `${place} `, end: `${place}!` };
    const count = (await this.store.keys(SET_ASIDE, range)).length;
    const aside = { key: `${place} ${count + 1}`, value: { reason, record: row } };
    try {
      await this.store.commit(
        [
          { store: SET_ASIDE, ...aside },
          { store: 'facts', key, value: undefined, expect: revision },
        ],
        'strict',
      );
    } catch (error) {
      if (isHauloutError(error, 'revision-stale')) return false;
      throw error;
    }
    this.#onSetAside({ place, reason });
    return true;
  }

  /**
   * Appends facts, all or nothing, strictly durable.
   *
   * @param state what the facts follow on: if somebody else has written since, nothing is written
   * @param more what else must be true at the same moment, such as a key that is deleted
   * @returns the state after them
   * @throws HauloutError 'revision-stale', 'store-full'; 'argument-invalid' for a fact out of turn
   */
  async append(
    intentId: string,
    state: IntentState,
    facts: readonly IntentFact[],
    more: readonly Write<JournalStores>[] = [],
  ): Promise<IntentState> {
    const next = facts.reduce(nextState, state);
    const writes = facts.map((fact, i) => factWrite(intentId, state.revision + 1 + i, fact));
    await this.store.commit([...writes, ...more], 'strict');
    return next;
  }

  /** Takes away a job with everything that was written down of it. */
  async forget({ jobId, intentIds }: JobRecord): Promise<void> {
    const writes: Write<JournalStores>[] = [{ store: 'jobs', key: jobId, value: undefined }];
    for (const intentId of intentIds) {
      const keys = await this.store.keys('facts', below(intentId));
      writes.push(...keys.map((key) => ({ store: 'facts', key, value: undefined }) as const));
      writes.push(...(await this.forgetHoldings(intentId)));
    }
    await this.store.commit(writes, 'strict');
  }

  /** What nodes hold of one blob, by node ID. */
  async holdings(intentId: string, blob: number): Promise<ReadonlyMap<string, NodeHoldings>> {
    const rows = await this.store.scan('holdings', below(`${intentId}/${blob}`));
    return new Map(rows.map(({ key, value }) => [key.slice(key.lastIndexOf('/') + 1), value]));
  }

  /** Not strict: what is lost with the power is asked of the nodes again. */
  async keepHoldings(
    intentId: string,
    blob: number,
    nodes: ReadonlyMap<string, NodeHoldings>,
  ): Promise<void> {
    const writes = [...nodes].map(([nodeId, value]) => {
      return { store: 'holdings', key: `${intentId}/${blob}/${nodeId}`, value } as const;
    });
    if (writes.length > 0) await this.store.commit(writes, 'relaxed');
  }

  /** The writes that take away what is known of nodes. */
  async forgetHoldings(intentId: string): Promise<readonly Write<JournalStores>[]> {
    const rows: readonly Row<NodeHoldings>[] = await this.store.scan('holdings', below(intentId));
    return rows.map(({ key }) => ({ store: 'holdings', key, value: undefined }) as const);
  }

  /** The blobs of which jobs keep something. */
  async sources(): Promise<readonly { readonly blobId: string; readonly jobId: string }[]> {
    const keys = await this.store.keys('sources', ALL);
    return keys.map((key) => {
      const [blobId = '', jobId = ''] = key.split('/');
      return { blobId, jobId };
    });
  }

  /** What a job keeps of a blob until that is stored. */
  async source(jobId: string, blobId: string): Promise<JournalStores['sources'] | undefined> {
    return (await this.store.get('sources', sourceKey(jobId, blobId)))?.value;
  }

  async keepSource(jobId: string, blobId: string, value: JournalStores['sources']): Promise<void> {
    await this.store.commit(
      [{ store: 'sources', key: sourceKey(jobId, blobId), value }],
      'relaxed',
    );
  }

  async forgetSource(jobId: string, blobId: string): Promise<void> {
    const key = sourceKey(jobId, blobId);
    await this.store.commit([{ store: 'sources', key, value: undefined }], 'relaxed');
  }

  /** Whether a job other than this one keeps anything of the blob. */
  async isWantedElsewhere(jobId: string, blobId: string): Promise<boolean> {
    const keys = await this.store.keys('sources', below(blobId));
    return keys.some((key) => key !== sourceKey(jobId, blobId));
  }
}

/** The state that facts lead to, or why they lead to none. */
function stateOf(rows: readonly Row<IntentFact>[]): IntentState | Error {
  try {
    return intentState(rows.map(({ value }) => value));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function factWrite(intentId: string, revision: number, fact: IntentFact): Write<JournalStores> {
  // Must not exist yet: two workers that follow on the same state cannot both write.
  return { store: 'facts', key: keyOf(intentId, revision), value: fact, expect: 0 };
}
