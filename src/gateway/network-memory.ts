import type { GatewayNetwork, NetworkName } from '../flows/read/gateway-talk.ts';
import type { DurableStore } from '../protocol/ports.ts';
import { networkInPage } from './messages-in.ts';

export interface GatewayStores {
  /** by the path that the app lies under: an origin may hold several */
  readonly told: { readonly network: GatewayNetwork };
}

export interface NetworkMemoryOptions {
  readonly store: DurableStore<GatewayStores>;
  /** path that the app lies under */
  readonly place: string;
  /** the app's first page, if it is kept */
  keptPage(): Promise<string | undefined>;
}

/** From where blobs are read, as a page has told it last; browsers stop service workers between any two requests. */
export class NetworkMemory {
  readonly #options: NetworkMemoryOptions;
  #last: Promise<GatewayNetwork | undefined> | undefined;

  constructor(options: NetworkMemoryOptions) {
    this.#options = options;
  }

  async keep(network: GatewayNetwork): Promise<void> {
    const { store, place } = this.#options;
    if (JSON.stringify(await this.#last) === JSON.stringify(network)) return;
    // Only who serves the app for a local network has one: a page may choose among the public ones alone.
    const isLocal = typeof network !== 'string';
    if (isLocal && typeof (await this.#ofPage()) !== 'object') return;
    this.#last = Promise.resolve(network);
    // Where nothing can be written it holds until the worker is stopped.
    await store
      .commit([{ store: 'told', key: place, value: { network } }], 'relaxed')
      .catch(() => undefined);
  }

  /**
   * The network of that name or, without one, what a page has told last, or else what the app is served for.
   *
   * @returns undefined where it is not known
   */
  async now(name?: NetworkName): Promise<GatewayNetwork | undefined> {
    if (name === 'mainnet' || name === 'testnet') return name;
    this.#last ??= this.#find().then((found) => {
      if (found === undefined) this.#last = undefined; // it may be known later
      return found;
    });
    const last = await this.#last;
    if (name === undefined || typeof last === 'object') return last;
    const served = await this.#ofPage(); // another page may have told a public network last
    return typeof served === 'object' ? served : undefined;
  }

  async #find(): Promise<GatewayNetwork | undefined> {
    const { store, place } = this.#options;
    const row = await store.get('told', place).catch(() => undefined);
    return row?.value.network ?? this.#ofPage();
  }

  /** The network that the app is served for. */
  async #ofPage(): Promise<GatewayNetwork | undefined> {
    return networkInPage((await this.#options.keptPage().catch(() => undefined)) ?? '');
  }
}
