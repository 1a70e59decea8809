/**
 * The doors to the outside, as types. Rows 0 to 5 reach time, chance, network, storage and wallet
 * only through these, so that a test can decide all of them.
 */

/** `wall` may jump in both directions; `monotonic` never goes back. Both in milliseconds. */
export interface Clock {
  wall(): number;
  monotonic(): number;
  /** @throws HauloutError 'aborted' as soon as `signal` fires */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  bytes(length: number): Uint8Array;
  /** An integer from 0 up to, not including, `limit`. */
  below(limit: number): number;
}

export interface TransportLimits {
  /** longest silence before the exchange is given up; looked at again whenever it might be over */
  readonly idleMs: number;
  /** longest body that is read */
  readonly maxBytes: number;
  /** told how many bytes of the request's body are gone, as often as it is known; never decreasing */
  onSent?(bytes: number): void;
}

/** What is asked of a host, as plain data: making a `Request` of it costs as much as a small exchange. */
export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | Blob;
}

/**
 * One HTTP exchange. The body of the answer keeps the limits: reading it rejects when it falls silent or grows too
 * long. Rejects with HauloutError 'host-unreachable', 'host-silent', 'answer-unusable', 'aborted' only.
 */
export interface Transport {
  send(request: HttpRequest, limits: TransportLimits, signal: AbortSignal): Promise<Response>;
}

/** A stored value; `revision` grows by one with each commit that touches its key. */
export interface Row<Value> {
  readonly key: string;
  readonly revision: number;
  readonly value: Value;
}

/** Keys from `begin` up to, not including, `end`. */
export interface KeyRange {
  readonly begin: string;
  readonly end: string;
}

/** A put, or a delete where `value` is undefined. `expect` 0 means: must not exist yet. */
export interface Write<Stores, S extends keyof Stores = keyof Stores> {
  readonly store: S;
  readonly key: string;
  readonly value: Stores[S] | undefined;
  readonly expect?: number;
}

/** IndexedDB in browsers, a map in tests. `Stores` maps store names to their values. */
export interface DurableStore<Stores> {
  get<S extends keyof Stores>(store: S, key: string): Promise<Row<Stores[S]> | undefined>;
  scan<S extends keyof Stores>(store: S, range: KeyRange): Promise<readonly Row<Stores[S]>[]>;
  /** As `scan`, without reading the values. */
  keys(store: keyof Stores, range: KeyRange): Promise<readonly string[]>;
  /** All or nothing. Rejects with 'revision-stale' if any `expect` differs, 'store-full' on quota. */
  commit(writes: readonly Write<Stores>[], durability: 'strict' | 'relaxed'): Promise<void>;
}

export interface WalletAccount {
  readonly address: string;
  /** with the scheme flag in front */
  readonly publicKey: Uint8Array;
  readonly chain: string;
}

export interface WalletPort {
  account(): WalletAccount | undefined;
  sign(bytes: Uint8Array, signal: AbortSignal): Promise<{ bytes: Uint8Array; signature: string }>;
  /** @returns a function that ends the subscription */
  onChange(listener: () => void): () => void;
}

/** Runs `work` while this origin's lock `name` is held, or gives 'busy' at once. */
export interface Locks {
  hold<T>(name: string, work: () => Promise<T>): Promise<T | 'busy'>;
}

/** The bytes of a blob, read in pieces. */
export interface Source {
  readonly bytes: number;
  /**
   * Fills `into` (`end - begin` bytes) with bytes `begin..end`.
   *
   * @throws HauloutError 'file-gone', 'file-unreadable', 'file-changed'
   */
  read(begin: number, end: number, into: Uint8Array): Promise<void>;
}

/** A signing key that this page holds and cannot export. P-256. */
export interface PageKey {
  readonly publicKey: Uint8Array;
  sign(digest: Uint8Array): Promise<Uint8Array>;
}

/** What the device offers to a pool of workers. */
export interface Cores {
  /** logical processors, at least 1 */
  count(): number;
}
