import type { ClientWithCoreApi } from '@mysten/sui/client';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { toBase64 } from '@mysten/sui/utils';
import {
  ReadonlyWalletAccount,
  type SuiSignAndExecuteTransactionInput,
  type SuiSignTransactionInput,
  type Wallet,
} from '@mysten/wallet-standard';

/** A wallet as browsers show them to pages: it completes, signs and executes what it is given, and says yes to all. */
export class ExecutingWallet implements Wallet {
  readonly version = '1.0.0';
  readonly name = 'Haulout test wallet';
  readonly icon = 'data:image/svg+xml;base64,PHN2Zy8+';
  readonly chains: Wallet['chains'];
  readonly accounts: Wallet['accounts'];
  /** what it was asked to sign */
  readonly approved: string[] = [];
  readonly #key: Ed25519Keypair;
  readonly #client: ClientWithCoreApi;

  constructor(key: Ed25519Keypair, chain: `sui:${string}`, client: ClientWithCoreApi) {
    this.#key = key;
    this.#client = client;
    this.chains = [chain];
    const account = new ReadonlyWalletAccount({
      address: key.toSuiAddress(),
      publicKey: key.getPublicKey().toSuiBytes(),
      chains: this.chains,
      features: ['sui:signTransaction', 'sui:signAndExecuteTransaction'],
    });
    // The packages disagree about what may be undefined, and about nothing else.
    this.accounts = [account as Wallet['accounts'][number]];
  }

  get features() {
    return {
      'standard:connect': {
        version: '1.0.0',
        connect: async () => ({ accounts: this.accounts }),
      },
      'standard:disconnect': { version: '1.0.0', disconnect: async () => undefined },
      'standard:events': { version: '1.0.0', on: () => () => undefined },
      'sui:signTransaction': {
        version: '2.0.0',
        signTransaction: async (input: SuiSignTransactionInput) => {
          const { bytes, signature } = await this.#sign(input);
          return { bytes: toBase64(bytes), signature };
        },
      },
      'sui:signAndExecuteTransaction': {
        version: '2.0.0',
        signAndExecuteTransaction: async (input: SuiSignAndExecuteTransactionInput) => {
          const { bytes, signature } = await this.#sign(input);
          const sent = await this.#client.core.executeTransaction({
            ...{ transaction: bytes, signatures: [signature], include: { effects: true } },
          });
          const { digest, effects } = sent.Transaction ?? sent.FailedTransaction;
          const inBcs = toBase64(effects.bcs ?? new Uint8Array());
          return { digest, bytes: toBase64(bytes), signature, effects: inBcs };
        },
      },
    };
  }

  async #sign({ transaction }: Pick<SuiSignTransactionInput, 'transaction'>) {
    const json = await transaction.toJSON();
    this.approved.push(json);
    const bytes = await Transaction.from(json).build({ client: this.#client });
    return { bytes, signature: (await this.#key.signTransaction(bytes)).signature };
  }
}
