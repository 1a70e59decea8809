import { fromBase64 } from '@mysten/bcs';
import { Transaction } from '@mysten/sui/transactions';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { WalletPort } from '../../protocol/ports.ts';

/** What is used of a wallet that follows the Wallet Standard. */
export interface StandardWallet {
  readonly accounts: readonly StandardAccount[];
  readonly features: Readonly<Record<string, unknown>>;
}

export interface StandardAccount {
  readonly address: string;
  /** with or without the scheme flag in front */
  readonly publicKey: ArrayLike<number>;
  readonly chains: readonly string[];
}

interface SignFeature {
  signTransaction(input: {
    readonly transaction: { toJSON(): Promise<string> };
    readonly account: StandardAccount;
    readonly chain: string;
    readonly signal?: AbortSignal;
  }): Promise<{ bytes: string; signature: string }>;
}

interface EventsFeature {
  on(event: 'change', listener: () => void): () => void;
}

export interface StandardWalletOptions {
  /** `sui:mainnet`, `sui:testnet`, `sui:localnet` */
  readonly chain: string;
  /** of the account to be used; the first one that knows the chain if absent */
  readonly address?: string;
}

const RAW_ED25519_BYTES = 32;

/**
 * A wallet of the browser. It is given transactions with nothing left to fill in, and only signs:
 * what it gives back is looked at before it is sent.
 */
export function walletStandardWallet(
  wallet: StandardWallet,
  { chain, address }: StandardWalletOptions,
): WalletPort {
  const current = () =>
    wallet.accounts.find((a) => a.address === address) ??
    wallet.accounts.find((a) => a.chains.includes(chain)) ??
    wallet.accounts[0];
  return {
    account() {
      const account = current();
      if (account === undefined) return undefined;
      const [own = chain] = account.chains;
      return {
        address: account.address,
        publicKey: withFlag(account.publicKey),
        chain: account.chains.includes(chain) ? chain : own,
      };
    },
    async sign(bytes, signal) {
      const feature = wallet.features['sui:signTransaction'] as SignFeature | undefined;
      if (feature === undefined) {
        throw new HauloutError('wallet-unsupported', { reason: 'it cannot sign transactions' });
      }
      const account = current();
      if (account === undefined) throw new HauloutError('wallet-missing', {});
      const transaction = { toJSON: () => Transaction.from(bytes).toJSON() };
      try {
        const asked = feature.signTransaction({ transaction, account, chain, signal });
        const signed = await beforeAbort(asked, signal);
        return { bytes: fromBase64(signed.bytes), signature: signed.signature };
      } catch (error) {
        throw asWalletError(error);
      }
    },
    onChange(listener) {
      const events = wallet.features['standard:events'] as EventsFeature | undefined;
      return events?.on('change', listener) ?? (() => {});
    },
  };
}

/** Some wallets hide the flag of the most usual scheme. */
function withFlag(publicKey: ArrayLike<number>): Uint8Array {
  const key = Uint8Array.from(publicKey);
  return key.length === RAW_ED25519_BYTES ? Uint8Array.from([0, ...key]) : key;
}

/** Wallets may not listen to the signal, or never answer. */
async function beforeAbort<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new HauloutError('aborted', {}, { cause: signal.reason }));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([asked, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Wallets agree on no error: whatever it says, nothing was signed. */
function asWalletError(error: unknown): HauloutError {
  if (isHauloutError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (/pop-?up/i.test(reason)) {
    return new HauloutError('wallet-popup-blocked', {}, { cause: error });
  }
  return new HauloutError('wallet-rejected', { reason }, { cause: error });
}
