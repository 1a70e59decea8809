import type { DurableStore, Row, Write } from '../protocol/ports.ts';
import type { IntentFact, JobRecord, JournalStores, NodeHoldings } from './journal-facts.ts';
import { type IntentState, intentState, nextState } from './journal-state.ts';

export type ClientStore = DurableStore<JournalStores>;

const ALL = { begin: '', end: '\uffff' };
const below = (prefix: string) => ({ begin: `${prefix}/`, end: `${prefix}0` }); // '0' follows '/'
const keyOf = (intentId: string, revision: number) =>
  `${intentId}/${String(revision).padStart(8, '0')}`;

export const sourceKey = (jobId: string, blobId: string) => `${blobId}/${jobId}`;

/** An intent whose facts do not fit together. It is kept as it is, and named. */
export interface DamagedIntent {
  readonly intentId: string;
  readonly reason: unknown;
}

/** Jobs and the facts of their intents, in a client's database. */
export class Journal {
  readonly store: ClientStore;

  constructor(store: ClientStore) {
    this.store = store;
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

  async jobs(): Promise<readonly JobRecord[]> {
    return (await this.store.scan('jobs', ALL)).map(({ value }) => value);
  }

  async job(jobId: string): Promise<JobRecord | undefined> {
    return (await this.store.get('jobs', jobId))?.value;
  }

  /** @throws HauloutError 'argument-invalid' if its facts do not fit together */
  async intent(intentId: string): Promise<IntentState | undefined> {
    const rows = await this.store.scan('facts', below(intentId));
    return rows.length === 0 ? undefined : intentState(rows.map(({ value }) => value));
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

  /** What a job keeps of a blob until that is stored. */
  async source(jobId: string, blobId: string): Promise<JournalStores['sources'] | undefined> {
    return (await this.store.get('sources', sourceKey(jobId, blobId)))?.value;
  }

  /** @returns whether no other job keeps anything of the blob */
  async forgetSource(jobId: string, blobId: string): Promise<boolean> {
    const key = sourceKey(jobId, blobId);
    await this.store.commit([{ store: 'sources', key, value: undefined }], 'relaxed');
    return (await this.store.keys('sources', below(blobId))).length === 0;
  }

  /** The writes that take a whole job out of the journal. */
  async forgetJob(job: JobRecord): Promise<readonly Write<JournalStores>[]> {
    const facts = await Promise.all(job.intentIds.map((id) => this.store.scan('facts', below(id))));
    return [
      { store: 'jobs', key: job.jobId, value: undefined },
      ...facts.flat().map(({ key }) => ({ store: 'facts', key, value: undefined }) as const),
    ];
  }
}

function factWrite(intentId: string, revision: number, fact: IntentFact): Write<JournalStores> {
  // Must not exist yet: two workers that follow on the same state cannot both write.
  return { store: 'facts', key: keyOf(intentId, revision), value: fact, expect: 0 };
}
