import { isHauloutError } from '../../protocol/errors.ts';
import type { WalletPort } from '../../protocol/ports.ts';
import type { FoundWallet, KitAccount, WalletKit } from './wallet-kit.ts';

/** What the page knows of the person's wallet. A new object with each change. */
export interface WalletState {
  readonly status: 'none' | 'connecting' | 'connected';
  /** the connected one */
  readonly wallet?: FoundWallet;
  readonly account?: KitAccount;
  /** what the wallet shares with this page */
  readonly accounts: readonly KitAccount[];
  /** signs for `account`; the same object for as long as the page lives */
  readonly port?: WalletPort;
  /** the network that the account is on, such as `sui:testnet`, if it is not the page's */
  readonly otherChain?: string;
  /** the list of wallets, while it is open */
  readonly chooser?: WalletChooser;
}

export interface WalletChooser {
  /** undefined while the wallet kit is loaded */
  readonly wallets: readonly FoundWallet[] | undefined;
  /** the wallet that was chosen and has not answered yet */
  readonly asked?: FoundWallet;
  /** the wallet said no, shared no account for this network, or the list could not be loaded */
  readonly trouble?: 'declined' | 'no-account' | 'not-loaded';
}

export interface WalletDeskOptions {
  /** `sui:testnet` */
  readonly chain: string;
  loadKit(): Promise<WalletKit>;
  /** whether a wallet was connected when the last page was left */
  wasConnected(): boolean;
}

/** Connects a wallet to the page, and keeps track of it. Nothing is loaded before it is needed. */
export class WalletDesk {
  readonly #options: WalletDeskOptions;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<(port: WalletPort | undefined) => void>();
  #loading: Promise<WalletKit> | undefined;
  #kit: WalletKit | undefined;
  #chooser: Omit<WalletChooser, 'wallets'> | undefined;
  #isRestoring: boolean;
  #state: WalletState;

  constructor(options: WalletDeskOptions) {
    this.#options = options;
    this.#isRestoring = options.wasConnected();
    this.#state = this.#look();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): WalletState => this.#state;

  /** Takes up the connection of an earlier page, without a question to the person. */
  async restore(): Promise<void> {
    if (!this.#isRestoring) return;
    await this.#load().catch(() => undefined); // "Connect" will say what is wrong
    this.#isRestoring = false;
    this.#update();
  }

  /**
   * Opens the list of wallets, unless one is connected.
   *
   * @returns the port once a wallet is connected; undefined if the person closes the list
   */
  connect(): Promise<WalletPort | undefined> {
    if (this.#state.port !== undefined) return Promise.resolve(this.#state.port);
    this.#chooser ??= {};
    this.#update();
    this.#load().catch(() => this.#setTrouble('not-loaded'));
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** Asks a wallet of the list. */
  async choose(walletId: string): Promise<void> {
    const asked = this.#kit?.state().wallets.find(({ id }) => id === walletId);
    if (this.#kit === undefined || asked === undefined || this.#chooser === undefined) return;
    const question = { asked };
    this.#chooser = question;
    this.#update();
    try {
      await this.#kit.connect(walletId);
    } catch (error) {
      if (this.#chooser !== question) return;
      this.#setTrouble(isHauloutError(error, 'network-mismatch') ? 'no-account' : 'declined');
    }
  }

  /** Closes the list; a wallet that was asked may still answer, and is then connected. */
  closeChooser(): void {
    this.#chooser = undefined;
    this.#update();
    this.#answer(undefined);
  }

  async disconnect(): Promise<void> {
    await this.#kit?.disconnect();
  }

  /** @param address one of `accounts` */
  switchAccount(address: string): void {
    this.#kit?.switchAccount(address);
  }

  #load(): Promise<WalletKit> {
    this.#loading ??= this.#options.loadKit().then(
      (kit) => this.#use(kit),
      (error: unknown) => {
        this.#loading = undefined; // a dropped connection; the next call tries again
        throw error;
      },
    );
    return this.#loading;
  }

  #use(kit: WalletKit): WalletKit {
    this.#kit = kit;
    kit.subscribe(() => this.#update());
    this.#update();
    return kit;
  }

  #update(): void {
    const last = this.#state.account?.address;
    if (this.#kit?.state().connected !== undefined) this.#chooser = undefined;
    this.#state = this.#look();
    const { account, port } = this.#state;
    // The wallet may have changed it by itself; what is used now is what the next page takes up.
    if (account !== undefined && account.address !== last) this.switchAccount(account.address);
    if (port !== undefined) this.#answer(port);
    for (const listener of [...this.#listeners]) listener();
  }

  #look(): WalletState {
    const { wallets, connected, isRestoring } = this.#kit?.state() ?? {};
    const port = this.#kit?.port;
    if (connected === undefined || port === undefined) {
      const isBusy = isRestoring || this.#isRestoring || this.#chooser?.asked !== undefined;
      const chooser = this.#chooser && { chooser: { ...this.#chooser, wallets } };
      return { status: isBusy ? 'connecting' : 'none', accounts: [], ...chooser };
    }
    const chain = port.account()?.chain;
    return {
      ...{ status: 'connected', ...connected, port },
      ...(chain !== undefined && chain !== this.#options.chain && { otherChain: chain }),
    };
  }

  #answer(port: WalletPort | undefined): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve(port);
  }

  #setTrouble(trouble: WalletChooser['trouble'] & string): void {
    if (this.#chooser === undefined) return;
    this.#chooser = { trouble };
    this.#update();
  }
}
