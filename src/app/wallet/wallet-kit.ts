import {
  type ClientWithCoreApi,
  createDAppKit,
  type DAppKit,
  getWalletUniqueIdentifier,
  type UiWallet,
} from '@mysten/dapp-kit-core';
import { type NetworkInfo, walletChain } from '../../chain/network-info.ts';
import { type StandardWallet, walletStandardWallet } from '../../chain/wallet/standard-wallet.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { WalletPort } from '../../protocol/ports.ts';

/** A wallet that could be connected. Name and picture are its own words: hostile text. */
export interface FoundWallet {
  readonly id: string;
  readonly name: string;
  /** a `data:` address */
  readonly icon?: string;
}

export interface KitAccount {
  readonly address: string;
  /** the wallet's name for it */
  readonly label?: string;
}

export interface KitState {
  /** those that can sign for the network */
  readonly wallets: readonly FoundWallet[];
  /** whether a connection of an earlier page is being taken up */
  readonly isRestoring: boolean;
  readonly connected?: {
    readonly wallet: FoundWallet;
    readonly account: KitAccount;
    /** all that the wallet shares, the one above among them */
    readonly accounts: readonly KitAccount[];
  };
}

/** Where the last connection is written down; whatever it holds is the kit's own. */
export interface KitMemory {
  get(): string | undefined;
  set(value: string | undefined): void;
}

/** What is used of a wallet kit: finding wallets, connecting, signing. */
export interface WalletKit {
  state(): KitState;
  /** @returns a function that ends the subscription */
  subscribe(listener: () => void): () => void;
  /**
   * @throws HauloutError 'network-mismatch' if it shares no account for the network, 'wallet-rejected' with what the
   *   wallet says
   */
  connect(walletId: string): Promise<void>;
  disconnect(): Promise<void>;
  switchAccount(address: string): void;
  /** signs with the connected account, whichever it is */
  readonly port: WalletPort;
}

type Kit = DAppKit<NetworkInfo['network'][]>;

interface SignInput {
  readonly transaction: { toJSON(): Promise<string> };
  readonly signal?: AbortSignal;
}

/** `@mysten/dapp-kit`. The chain is neither read nor written through it. */
export function createWalletKit(network: NetworkInfo['network'], memory: KitMemory): WalletKit {
  const kit: Kit = createDAppKit({
    networks: [network],
    createClient: () => ({}) as ClientWithCoreApi, // asked for whenever something is signed, and not used for it
    slushWalletConfig: null, // would ask another origin
    storage: {
      getItem: () => memory.get() ?? null,
      setItem: (_, value) => memory.set(value),
      removeItem: () => memory.set(undefined),
    },
  });
  const { $connection, $wallets } = kit.stores;
  const walletOf = (id: string): UiWallet => {
    const wallet = $wallets.get().find((each) => getWalletUniqueIdentifier(each) === id);
    if (wallet === undefined) throw new HauloutError('wallet-missing', {});
    return wallet;
  };
  return {
    state() {
      const { wallet, account, status } = $connection.get();
      const isConnected = status === 'connected' && wallet !== null && account !== null;
      return {
        wallets: $wallets.get().map(foundWallet),
        isRestoring: status === 'reconnecting',
        ...(isConnected && {
          connected: {
            wallet: foundWallet(wallet),
            account: kitAccount(account),
            accounts: wallet.accounts.map(kitAccount),
          },
        }),
      };
    },
    subscribe(listener) {
      const ends = [$wallets.listen(listener), $connection.listen(listener)];
      return () => ends.forEach((end) => void end());
    },
    async connect(walletId) {
      const wallet = walletOf(walletId);
      await kit.connectWallet({ wallet }).catch((cause: unknown) => {
        throw connectError(cause, network);
      });
    },
    disconnect: () => kit.disconnectWallet(),
    switchAccount(address) {
      const account = $connection.get().wallet?.accounts.find((each) => each.address === address);
      if (account === undefined) throw new HauloutError('wallet-missing', {});
      kit.switchAccount({ account });
    },
    port: walletStandardWallet(connectedWallet(kit), { chain: walletChain({ network }) }),
  };
}

/** The connected account and nothing else, as a wallet of its own. */
function connectedWallet(kit: Kit): StandardWallet {
  const { $connection } = kit.stores;
  return {
    get accounts() {
      const { account } = $connection.get();
      return account === null ? [] : [account];
    },
    features: {
      'sui:signTransaction': {
        signTransaction: async ({ transaction, signal }: SignInput) =>
          kit.signTransaction({
            transaction: await transaction.toJSON(),
            ...(signal && { signal }),
          }),
      },
      'standard:events': {
        on: (_: 'change', listener: () => void) => $connection.listen(listener),
      },
    },
  };
}

function connectError(cause: unknown, network: string): HauloutError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/^No accounts were authorized/.test(message)) {
    // the kit's errors have no other mark
    return new HauloutError('network-mismatch', { expected: network, actual: '-' }, { cause });
  }
  return new HauloutError('wallet-rejected', { reason: message }, { cause });
}

function foundWallet(wallet: UiWallet): FoundWallet {
  const { name, icon } = wallet;
  const isPicture = icon.startsWith('data:image/');
  return { id: getWalletUniqueIdentifier(wallet), name, ...(isPicture && { icon }) };
}

function kitAccount({ address, label }: { address: string; label?: string | undefined }) {
  return { address, ...(label === undefined ? {} : { label }) };
}
