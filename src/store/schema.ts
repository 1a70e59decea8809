/** One numbered version of a database: what it adds, and how it rewrites what is there. */
export interface SchemaStep {
  readonly creates?: readonly string[];
  /** per store: a value of the version before to one of this; undefined if it cannot be read */
  readonly revises?: Readonly<Record<string, (value: unknown) => unknown>>;
}

/** A database; its version is the number of its steps. Steps that were released never change. */
export interface Schema {
  readonly name: string;
  readonly steps: readonly SchemaStep[];
}

/** Where records go that cannot be read, in every database of ours. */
export const SET_ASIDE = 'set-aside';

/** A record or a whole database that could not be read. It is kept where `place` says. */
export interface SetAside {
  /** `store/key` of a record, or the name of a database */
  readonly place: string;
  readonly reason: string;
}

/** Every store that a database of this schema must have. */
export function storesOf(schema: Schema): readonly string[] {
  return [SET_ASIDE, ...schema.steps.flatMap((step) => step.creates ?? [])];
}

/** What a page keeps of its uploads; the shapes of the values belong to the flows. */
export const CLIENT_SCHEMA: Schema = {
  name: 'haulout',
  steps: [{ creates: ['jobs', 'facts', 'keys', 'committees', 'sources', 'holdings'] }],
};

/** Slivers are kept apart from the journal: they are large, and can be made again. */
export const CACHE_SCHEMA: Schema = {
  name: 'haulout-slivers',
  steps: [{ creates: ['entries', 'parts'] }],
};

/** What was read, which can be read again. */
export const READ_SCHEMA: Schema = {
  name: 'haulout-reads',
  steps: [{ creates: ['reads', 'rows'] }],
};

/** What the service worker was told, which it has to know when it is started again. */
export const GATEWAY_SCHEMA: Schema = {
  name: 'haulout-gateway',
  steps: [{ creates: ['told'] }],
};
