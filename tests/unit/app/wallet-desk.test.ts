import { Transaction } from '@mysten/sui/transactions';
import { verifyTransactionSignature } from '@mysten/sui/verify';
import { getWallets } from '@mysten/wallet-standard';
import { afterEach, describe, expect, it } from 'vitest';
import { WalletDesk } from '../../../src/app/wallet/wallet-desk.ts';
import { createWalletKit } from '../../../src/app/wallet/wallet-kit.ts';
import { DevWallet, type SigningRequest } from '../../../src/dev-wallet/dev-wallet.ts';
import type { KeptState } from '../../../src/dev-wallet/kept-state.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** What a browser keeps between two pages, and what the person does. */
class Browser {
  readonly #local = new Map<string, string>();
  kept: string | undefined;
  loads = 0;
  isOffline = false;
  approves: (request: SigningRequest) => Promise<boolean> = async () => true;
  readonly executed: Uint8Array[] = [];

  /** The wallet as a script of the page. */
  wallet(state: Partial<KeptState> = {}): DevWallet {
    const wallet = new DevWallet({
      ...{ name: 'Test wallet', icon: 'data:image/svg+xml;base64,PHN2Zy8+' },
      memory: {
        getItem: (key) => this.#local.get(key) ?? null,
        setItem: (key, value) => void this.#local.set(key, value),
      },
      clock: { sleep: async () => {} },
      ask: (request) => this.approves(request),
      execute: async (bytes) => void this.executed.push(bytes),
      fund: async () => {},
    });
    wallet.change(state);
    ends.push(getWallets().register(wallet));
    return wallet;
  }

  /** A page that was just opened. */
  page(): WalletDesk {
    const memory = {
      get: () => this.kept,
      set: (value: string | undefined) => {
        this.kept = value;
      },
    };
    return new WalletDesk({
      chain: 'sui:localnet',
      loadKit: async () => {
        this.loads++;
        if (this.isOffline) throw new TypeError('Failed to fetch dynamically imported module');
        return createWalletKit('localnet', memory);
      },
      wasConnected: () => this.kept !== undefined,
    });
  }
}

/** Waits for a state of the desk. */
function until(
  desk: WalletDesk,
  isMeant: (state: ReturnType<WalletDesk['getSnapshot']>) => boolean,
) {
  return expect.poll(() => isMeant(desk.getSnapshot())).toBe(true);
}

async function connected(browser = new Browser(), state: Partial<KeptState> = {}) {
  const wallet = browser.wallet(state);
  const desk = browser.page();
  const asked = desk.connect();
  await until(desk, ({ chooser }) => chooser?.wallets?.length === 1);
  await desk.choose('Test wallet');
  return { browser, wallet, desk, port: await asked };
}

const transaction = (sender: string) => {
  const made = new Transaction();
  made.setSender(sender);
  made.setGasPrice(1000);
  made.setGasBudget(5_000_000);
  made.setGasPayment([
    { objectId: `0x${'1'.repeat(64)}`, version: '1', digest: '11111111111111111111111111111111' },
  ]);
  made.setExpiration({ Epoch: 7 });
  return made.build();
};

describe('a desk', () => {
  it('loads nothing before it is used', () => {
    const browser = new Browser();
    const desk = browser.page();
    expect(desk.getSnapshot()).toEqual({ status: 'none', accounts: [] });
    expect(browser.loads).toBe(0);
  });

  it('connects the wallet that is chosen, and gives the port to whoever waits', async () => {
    const { desk, port, wallet } = await connected();
    const { status, account, accounts, chooser } = desk.getSnapshot();
    expect({ status, chooser }).toEqual({ status: 'connected' });
    expect(account?.address).toBe(wallet.addresses[0]);
    expect(accounts.map(({ address }) => address)).toEqual(wallet.addresses);
    expect(port?.account()).toMatchObject({ address: wallet.addresses[0], chain: 'sui:localnet' });
    expect(await desk.connect()).toBe(port);
  });

  it('signs with the account that is connected', async () => {
    const { port, wallet, desk } = await connected();
    const signal = new AbortController().signal;
    desk.switchAccount(wallet.addresses[1] ?? '');
    const bytes = await transaction(wallet.addresses[1] ?? '');
    const signed = await port?.sign(bytes, signal);
    expect(signed?.bytes).toEqual(bytes);
    const key = await verifyTransactionSignature(bytes, signed?.signature ?? '');
    expect(key.toSuiAddress()).toBe(wallet.addresses[1]);
    expect(wallet.state).toMatchObject({ requests: 1, approvals: 1 });
  });

  it('tells who waits that the list was closed', async () => {
    const browser = new Browser();
    browser.wallet();
    const desk = browser.page();
    const asked = desk.connect();
    desk.closeChooser();
    expect(await asked).toBeUndefined();
    expect(desk.getSnapshot()).toEqual({ status: 'none', accounts: [] });
  });

  it('says that a wallet declined, and asks again', async () => {
    const browser = new Browser();
    const wallet = browser.wallet({ answer: 'reject' });
    const desk = browser.page();
    const asked = desk.connect();
    await until(desk, ({ chooser }) => chooser?.wallets !== undefined);
    await desk.choose('Test wallet');
    expect(desk.getSnapshot()).toMatchObject({ status: 'none', chooser: { trouble: 'declined' } });
    wallet.change({ answer: 'ask' });
    await desk.choose('Test wallet');
    expect(await asked).toBeDefined();
  });

  it('says that a wallet has no account on this network', async () => {
    const browser = new Browser();
    browser.wallet({ isElsewhere: true });
    const desk = browser.page();
    void desk.connect();
    await until(desk, ({ chooser }) => chooser?.wallets !== undefined);
    await desk.choose('Test wallet');
    expect(desk.getSnapshot().chooser?.trouble).toBe('no-account');
  });

  it('says that the list could not be loaded, and loads it again', async () => {
    const browser = new Browser();
    browser.wallet();
    browser.isOffline = true;
    const desk = browser.page();
    void desk.connect();
    await until(desk, ({ chooser }) => chooser?.trouble === 'not-loaded');
    browser.isOffline = false;
    desk.closeChooser();
    void desk.connect();
    await until(desk, ({ chooser }) => chooser?.wallets?.length === 1);
    expect(desk.getSnapshot().chooser?.trouble).toBeUndefined();
  });

  it('takes a connection up again without a question', async () => {
    const { browser, wallet } = await connected();
    wallet.change({ answer: 'reject' }); // a question would be declined
    for (const end of ends.splice(0)) end();
    const desk = browser.page();
    expect(desk.getSnapshot().status).toBe('connecting');
    await desk.restore();
    browser.wallet(); // wallets may come later than the page
    await until(desk, ({ status }) => status === 'connected');
    expect(desk.getSnapshot().account?.address).toBe(wallet.addresses[0]);
  });

  it('takes up the account that was used last, whoever chose it', async () => {
    const { browser, wallet, desk } = await connected();
    wallet.change({ shared: [1] });
    expect(desk.getSnapshot().account?.address).toBe(wallet.addresses[1]);
    for (const end of ends.splice(0)) end();
    browser.wallet();
    const next = browser.page();
    await next.restore();
    await until(next, ({ status }) => status === 'connected');
    expect(next.getSnapshot().account?.address).toBe(wallet.addresses[1]);
  });

  it('does not take up what was ended', async () => {
    const { browser, desk } = await connected();
    await desk.disconnect();
    expect(desk.getSnapshot()).toEqual({ status: 'none', accounts: [] });
    expect(browser.page().getSnapshot().status).toBe('none');
  });

  it('hears that the wallet shares nothing any more, and tells it on', async () => {
    const { desk, wallet, port } = await connected();
    let changes = 0;
    port?.onChange(() => changes++);
    wallet.change({ shared: [] });
    expect(desk.getSnapshot().status).toBe('none');
    expect(port?.account()).toBeUndefined();
    expect(changes).toBeGreaterThan(0);
  });

  it('hears that the wallet went to another network', async () => {
    const { desk, wallet, port } = await connected();
    wallet.change({ isElsewhere: true });
    expect(desk.getSnapshot()).toMatchObject({ status: 'connected', otherChain: 'sui:testnet' });
    expect(port?.account()?.chain).toBe('sui:testnet');
    wallet.change({ isElsewhere: false });
    expect(desk.getSnapshot().otherChain).toBeUndefined();
  });

  it('has one state between two changes', async () => {
    const { desk } = await connected();
    expect(desk.getSnapshot()).toBe(desk.getSnapshot());
  });
});

/** What the port throws. */
async function refusal(asked: Promise<unknown> | undefined) {
  const error = await asked?.catch((thrown: unknown) => thrown);
  if (!isHauloutError(error)) throw new Error(`typed error instead of ${error}`);
  return { code: error.code, reason: '', ...error.detail };
}

describe('the development wallet', () => {
  const never = new AbortController().signal;

  it.each<[string, Partial<KeptState>, RegExp]>([
    ['declines', { answer: 'reject' }, /rejected/],
    ['is closed', { answer: 'close' }, /closed/],
  ])('%s', async (_, state, words) => {
    const { port, wallet } = await connected();
    wallet.change(state);
    const bytes = await transaction(wallet.addresses[0] ?? '');
    const { code, reason } = await refusal(port?.sign(bytes, never));
    expect(code).toBe('wallet-rejected');
    expect(reason).toMatch(words);
    expect(wallet.state).toMatchObject({ requests: 1, approvals: 0 });
  });

  it('signs nothing that the person declines', async () => {
    const { browser, port, wallet } = await connected();
    browser.approves = async () => false;
    const bytes = await transaction(wallet.addresses[0] ?? '');
    expect((await refusal(port?.sign(bytes, never))).code).toBe('wallet-rejected');
    expect(wallet.state.approvals).toBe(0);
  });

  it.each<[string, Partial<KeptState>]>([
    ['never answers', { answer: 'silent' }],
    ['is locked', { isLocked: true }],
  ])('%s, and can be left', async (_, state) => {
    const { port, wallet } = await connected();
    wallet.change(state);
    const stop = new AbortController();
    const asked = port?.sign(await transaction(wallet.addresses[0] ?? ''), stop.signal);
    const ended = refusal(asked);
    await expect.poll(() => wallet.state.requests).toBe(1);
    stop.abort();
    expect((await ended).code).toBe('aborted');
  });

  it('counts what two tabs ask', async () => {
    const { browser, port, wallet } = await connected();
    const bytes = await transaction(wallet.addresses[0] ?? '');
    const other = browser.wallet();
    expect(other.addresses).toEqual(wallet.addresses);
    await port?.sign(bytes, never);
    const { accounts } = await other.features['standard:connect'].connect();
    const [account] = accounts;
    if (account === undefined) throw new Error('no account');
    const json = await Transaction.from(bytes).toJSON();
    await other.features['sui:signTransaction'].signTransaction({
      ...{ account, chain: 'sui:localnet', transaction: { toJSON: async () => json } },
    });
    expect(other.state).toMatchObject({ requests: 2, approvals: 2 });
  });

  it('signs other bytes', async () => {
    const { port, wallet } = await connected();
    wallet.change({ twist: 'change', answer: 'approve' });
    const bytes = await transaction(wallet.addresses[0] ?? '');
    expect((await port?.sign(bytes, never))?.bytes).not.toEqual(bytes);
  });

  it('sends what it signs', async () => {
    const { browser, port, wallet } = await connected();
    wallet.change({ twist: 'execute', answer: 'approve' });
    const bytes = await transaction(wallet.addresses[0] ?? '');
    await port?.sign(bytes, never);
    expect(browser.executed).toEqual([bytes]);
  });
});
