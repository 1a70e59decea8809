import type { GatewayNetwork } from '../flows/read/gateway-talk.ts';
import type { DurableStore } from '../protocol/ports.ts';
import { networkInPage, type Told } from './messages-in.ts';

export interface GatewayStores {
  /** by the path that the app lies under: an origin may hold several */
  readonly told: Told;
}

export interface NetworkMemoryOptions {
  readonly store: DurableStore<GatewayStores>;
  /** path that the app lies under */
  readonly place: string;
  /** the app's first page, if it is kept */
  keptPage(): Promise<string | undefined>;
}

/** From whom blobs are read, as a page has told it last; browsers stop service workers between any two requests. */
export class NetworkMemory {
  readonly #options: NetworkMemoryOptions;
  #now: Promise<Told | undefined> | undefined;

  constructor(options: NetworkMemoryOptions) {
    this.#options = options;
  }

  async keep(told: Told): Promise<void> {
    const { store, place } = this.#options;
    if (JSON.stringify(await this.#now) === JSON.stringify(told)) return;
    // Only who serves the app for a local network has one: a page may choose among the public ones alone.
    const isLocal = typeof told.network !== 'string';
    if (isLocal && typeof (await this.#ofPage()) !== 'object') return;
    this.#now = Promise.resolve(told);
    // Where nothing can be written it holds until the worker is stopped.
    await store
      .commit([{ store: 'told', key: place, value: told }], 'relaxed')
      .catch(() => undefined);
  }

  /** What a page has told, or else what the app is served for; undefined where neither is known. */
  now(): Promise<Told | undefined> {
    this.#now ??= this.#find().then((found) => {
      if (found === undefined) this.#now = undefined; // it may be known later
      return found;
    });
    return this.#now;
  }

  async #find(): Promise<Told | undefined> {
    const { store, place } = this.#options;
    const row = await store.get('told', place).catch(() => undefined);
    if (row !== undefined) return row.value;
    const network = await this.#ofPage();
    return network && { network };
  }

  /** The network that the app is served for. */
  async #ofPage(): Promise<GatewayNetwork | undefined> {
    return networkInPage((await this.#options.keptPage().catch(() => undefined)) ?? '');
  }
}
