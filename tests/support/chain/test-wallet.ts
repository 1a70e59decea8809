import type { Signer } from '@mysten/sui/cryptography';
import { Transaction } from '@mysten/sui/transactions';
import type { StandardAccount, StandardWallet } from '../../../src/chain/wallet/standard-wallet.ts';

export interface TestWalletOptions {
  readonly chains?: readonly string[];
  /** what the person says; it may take for ever */
  approve?(): Promise<void>;
  /** what the wallet does to a transaction before it signs it */
  change?(transaction: Transaction): void;
}

/** A wallet as the Wallet Standard describes it, with a person behind it. Counts what is asked. */
export function testWallet(key: Signer, options: TestWalletOptions = {}) {
  const { chains = ['sui:localnet'], approve = async () => {}, change = () => {} } = options;
  const listeners = new Set<() => void>();
  let accounts: StandardAccount[] = [
    { address: key.toSuiAddress(), publicKey: key.getPublicKey().toRawBytes(), chains },
  ];
  let asked = 0;
  const signTransaction = async (input: { transaction: { toJSON(): Promise<string> } }) => {
    asked++;
    await approve();
    const transaction = Transaction.from(await input.transaction.toJSON());
    change(transaction);
    return key.signTransaction(await transaction.build());
  };
  const wallet: StandardWallet = {
    get accounts() {
      return accounts;
    },
    features: {
      'sui:signTransaction': { version: '2.0.0', signTransaction },
      'standard:events': {
        on: (_: 'change', listener: () => void) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    },
  };
  return {
    wallet,
    get asked() {
      return asked;
    },
    setAccounts(next: StandardAccount[]) {
      accounts = next;
      for (const listener of listeners) listener();
    },
  };
}
