import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import {
  ReadonlyWalletAccount,
  type StandardConnectInput,
  type StandardEventsListeners,
  type SuiSignTransactionInput,
  type Wallet,
} from '@mysten/wallet-standard';
import type { Clock } from '../protocol/ports.ts';
import { type KeptState, type Memory, readState, writeState } from './kept-state.ts';

/** What the wallet shows to the person. */
export interface SigningRequest {
  readonly bytes: Uint8Array;
  readonly address: string;
  /** the page no longer waits */
  readonly signal: AbortSignal | undefined;
}

export interface DevWalletPorts {
  readonly name: string;
  readonly icon: Wallet['icon'];
  readonly memory: Memory;
  readonly clock: Pick<Clock, 'sleep'>;
  /** @returns whether the person approves */
  ask(request: SigningRequest): Promise<boolean>;
  /** sends what was signed */
  execute(bytes: Uint8Array, signature: string): Promise<void>;
  /** gives an account something to pay with, if it has nothing */
  fund(address: string): Promise<void>;
}

const HERE = 'sui:localnet';
const ELSEWHERE = 'sui:testnet';
const CHAINS: Wallet['chains'] = [HERE, ELSEWHERE];
const ACCOUNT_COUNT = 2;
const FEATURES = ['sui:signTransaction'] as const;

/** A wallet of the Wallet Standard for a network on which money is worth nothing. Its keys lie open. */
export class DevWallet implements Wallet {
  readonly version = '1.0.0';
  readonly name: string;
  readonly icon: Wallet['icon'];
  readonly chains = CHAINS;
  readonly #ports: DevWalletPorts;
  readonly #listeners = new Set<() => void>();
  readonly #pages = new Set<StandardEventsListeners['change']>();
  #state: KeptState;
  /** whether this page has asked for accounts: before that it sees none, as with other wallets */
  #isOpen = false;
  #accounts: Wallet['accounts'] = [];

  constructor(ports: DevWalletPorts) {
    this.#ports = ports;
    this.name = ports.name;
    this.icon = ports.icon;
    this.#state = this.#kept();
    this.change({ secrets: this.#state.secrets });
  }

  get accounts(): Wallet['accounts'] {
    return this.#accounts;
  }

  get state(): KeptState {
    return this.#state;
  }

  get addresses(): readonly string[] {
    return this.#state.secrets.map((secret) => keyOf(secret).toSuiAddress());
  }

  /**
   * Changes what is kept, which another tab may have changed meanwhile; the page hears of it if it sees something else
   * now.
   */
  change(changes: Partial<KeptState>): void {
    this.#state = { ...this.#kept(), ...changes };
    writeState(this.#ports.memory, this.#state);
    const accounts = this.#isOpen && this.#state.isConnected ? this.#sharedAccounts() : [];
    if (!sameAccounts(accounts, this.#accounts)) {
      this.#accounts = accounts;
      for (const tell of this.#pages) tell({ accounts });
    }
    for (const listener of [...this.#listeners]) listener();
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get features() {
    return {
      'standard:connect': {
        version: '1.0.0',
        connect: (input?: StandardConnectInput) => this.#connect(input),
      },
      'standard:disconnect': {
        version: '1.0.0',
        disconnect: async () => this.change({ isConnected: false }),
      },
      'standard:events': {
        version: '1.0.0',
        on: (_: 'change', listener: StandardEventsListeners['change']) => {
          this.#pages.add(listener);
          return () => void this.#pages.delete(listener);
        },
      },
      'sui:signTransaction': {
        version: '2.0.0',
        signTransaction: (input: SuiSignTransactionInput) => this.#sign(input),
      },
    } as const;
  }

  #kept(): KeptState {
    return readState(this.#ports.memory, () =>
      Array.from({ length: ACCOUNT_COUNT }, () => new Ed25519Keypair().getSecretKey()),
    );
  }

  #count(what: 'requests' | 'approvals'): void {
    this.change({ [what]: this.#kept()[what] + 1 });
  }

  async #connect({ silent = false }: StandardConnectInput = {}) {
    if (!silent) {
      await this.#unlocked();
      this.#refuseIfTold();
      await this.#answered();
      // Without the faucet there is a wallet all the same.
      await Promise.allSettled(this.addresses.map((address) => this.#ports.fund(address)));
    }
    this.#isOpen = true;
    this.change(silent ? {} : { isConnected: true });
    return { accounts: this.#accounts };
  }

  async #sign({ transaction, account, signal }: SuiSignTransactionInput) {
    this.#count('requests');
    await this.#unlocked();
    this.#refuseIfTold();
    await this.#answered();
    const key = this.#state.secrets.map(keyOf).find((k) => k.toSuiAddress() === account.address);
    if (key === undefined) throw new Error('This wallet does not hold that account');
    const asked = Transaction.from(await transaction.toJSON());
    if (this.#state.twist === 'change') asked.setGasBudget(budgetOf(asked) + 1_000_000_000n);
    const bytes = await asked.build();
    const { answer, twist, lateMs } = this.#state;
    const isApproved =
      answer === 'approve' || (await this.#ports.ask({ bytes, address: account.address, signal }));
    if (!isApproved) throw new Error('The person rejected the request');
    this.#count('approvals');
    if (twist === 'late') await this.#ports.clock.sleep(lateMs);
    const signed = await key.signTransaction(bytes);
    if (twist === 'execute') await this.#ports.execute(bytes, signed.signature);
    return signed;
  }

  #sharedAccounts(): Wallet['accounts'] {
    const { secrets, shared, isElsewhere } = this.#state;
    return shared.flatMap((at) => {
      const secret = secrets[at];
      if (secret === undefined) return [];
      const key = keyOf(secret);
      const account = new ReadonlyWalletAccount({
        address: key.toSuiAddress(),
        publicKey: key.getPublicKey().toSuiBytes(),
        chains: [isElsewhere ? ELSEWHERE : HERE],
        features: FEATURES,
        label: `${this.name} ${at + 1}`,
      });
      // The packages disagree about what may be undefined, and about nothing else.
      return [account as Wallet['accounts'][number]];
    });
  }

  /** Waits for as long as the wallet is locked. */
  async #unlocked(): Promise<void> {
    while (this.#state.isLocked) await this.#nextChange();
  }

  /** Waits for as long as the wallet gives no answer. */
  async #answered(): Promise<void> {
    while (this.#state.answer === 'silent') await this.#nextChange();
  }

  #refuseIfTold(): void {
    if (this.#state.answer === 'reject') throw new Error('The person rejected the request');
    if (this.#state.answer === 'popup') throw new Error('The pop-up was blocked');
    if (this.#state.answer === 'close') throw new Error('The window of the wallet was closed');
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const end = this.subscribe(() => {
        end();
        resolve();
      });
    });
  }
}

const keyOf = (secret: string) => Ed25519Keypair.fromSecretKey(secret);

function sameAccounts(a: Wallet['accounts'], b: Wallet['accounts']): boolean {
  const seen = (accounts: Wallet['accounts']) =>
    accounts.map(({ address, chains }) => `${address} ${chains}`).join();
  return seen(a) === seen(b);
}

const budgetOf = (transaction: Transaction) => BigInt(transaction.getData().gasData.budget ?? 0);
