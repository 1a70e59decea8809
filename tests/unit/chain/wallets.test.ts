import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import type { Transaction } from '@mysten/sui/transactions';
import { describe, expect, it } from 'vitest';
import { holderOf } from '../../../src/chain/holder.ts';
import { MAINNET, networkInfo, TESTNET } from '../../../src/chain/network-info.ts';
import { keypairWallet } from '../../../src/chain/wallet/keypair-wallet.ts';
import { walletStandardWallet } from '../../../src/chain/wallet/standard-wallet.ts';
import { demandChain } from '../../../src/chain/wallet/wallet-chain.ts';
import { chainWorld, errorOf, madeUpBlobs, pageOf } from '../../support/chain/chain-world.ts';
import { type TestWalletOptions, testWallet } from '../../support/chain/test-wallet.ts';
import { expectError } from '../../support/expect-error.ts';

const NEVER = new AbortController().signal;
const CHAIN = { chain: 'sui:localnet' };

async function asked(options: TestWalletOptions) {
  const setup = await chainWorld();
  const test = testWallet(setup.person, options);
  const port = walletStandardWallet(test.wallet, CHAIN);
  const prepared = await setup.chain.prepare(await setup.register(madeUpBlobs(1)));
  return { ...setup, test, port, prepared };
}

describe('a wallet of the browser', () => {
  it('signs the very bytes that it was given, and its signature is taken', async () => {
    const { port, prepared, chain, test, person } = await asked({});
    expect(port.account()).toEqual({
      ...{ address: person.toSuiAddress(), chain: 'sui:localnet' },
      publicKey: person.getPublicKey().toSuiBytes(),
    });
    const { bytes, signature } = await port.sign(prepared.bytes, NEVER);
    expect(bytes).toEqual(prepared.bytes);
    await chain.check(prepared, bytes);
    expect((await chain.execute(bytes, [signature])).success).toBe(true);
    expect(test.asked).toBe(1);
  });

  it('may take less gas', async () => {
    const less = (tx: Transaction) =>
      tx.setGasBudget(BigInt(tx.getData().gasData.budget ?? 0) - 1n);
    const { port, prepared, chain } = await asked({ change: less });
    const { bytes, signature } = await port.sign(prepared.bytes, NEVER);
    expect(bytes).not.toEqual(prepared.bytes);
    const decoded = await chain.check(prepared, bytes);
    expect(decoded.gas.budgetMist).toBe(prepared.gas.budgetMist - 1n);
    expect((await chain.execute(bytes, [signature])).digest).toBe(decoded.digest);
  });

  it.each<[string, NonNullable<TestWalletOptions['change']>, RegExp]>([
    ['more gas', (tx) => tx.setGasBudget(40_000_000_000), /gas.budget/],
    ['a price of its own', (tx) => tx.setGasPrice(90_000), /gas.price/],
    ['a sponsor', (tx) => tx.setGasOwner(`0x${'3'.repeat(64)}`), /gas.owner/],
    ['another sender', (tx) => tx.setSender(`0x${'3'.repeat(64)}`), /gas.owner|plan.sender/],
    ['a longer life', (tx) => tx.setExpiration({ Epoch: 99 }), /expiration/],
    [
      'a gift',
      (tx) => tx.transferObjects([tx.splitCoins(tx.gas, [1])], `0x${'3'.repeat(64)}`),
      /./,
    ],
  ])('is found out with %s', async (_, change, field) => {
    const { port, prepared, chain } = await asked({ change: (tx) => void change(tx) });
    const { bytes } = await port.sign(prepared.bytes, NEVER);
    const error = await errorOf(chain.check(prepared, bytes));
    expect(error.code).toBe('transaction-altered');
    expect((error.detail as { field: string }).field).toMatch(field);
  });

  it.each([
    ['User rejected the request', 'wallet-rejected'],
    ['Popup window was blocked', 'wallet-popup-blocked'],
  ])('that says "%s" has not signed', async (words, code) => {
    const { port, prepared } = await asked({ approve: () => Promise.reject(new Error(words)) });
    expect((await errorOf(port.sign(prepared.bytes, NEVER))).code).toBe(code);
  });

  it('that never answers can be left', async () => {
    const { port, prepared } = await asked({ approve: () => new Promise(() => {}) });
    const stop = new AbortController();
    const going = errorOf(port.sign(prepared.bytes, stop.signal));
    stop.abort();
    expect((await going).code).toBe('aborted');
  });

  it('tells when its account changes, or is gone', async () => {
    const { port, test } = await asked({});
    let changes = 0;
    const end = port.onChange(() => changes++);
    test.setAccounts([]);
    expect(port.account()).toBeUndefined();
    expect((await errorOf(port.sign(new Uint8Array(), NEVER))).code).toBe('wallet-missing');
    end();
    test.setAccounts([]);
    expect(changes).toBe(1);
  });

  it('that cannot sign is not asked', async () => {
    const port = walletStandardWallet({ accounts: [], features: {} }, CHAIN);
    expect((await errorOf(port.sign(new Uint8Array(), NEVER))).code).toBe('wallet-unsupported');
    expect(port.onChange(() => {})()).toBeUndefined();
  });

  it('on another network is told apart', () => {
    const key = new Ed25519Keypair();
    const { wallet } = testWallet(key, { chains: ['sui:testnet'] });
    const account = walletStandardWallet(wallet, { chain: 'sui:mainnet' }).account();
    if (account === undefined) throw new Error('no account');
    expectError(() => demandChain(account, MAINNET), 'network-mismatch', { actual: 'sui:testnet' });
    demandChain(account, TESTNET);
    const any = keypairWallet(key).account();
    if (any) demandChain(any, MAINNET);
  });
});

describe('a holder', () => {
  it.each([
    ['Ed25519', new Ed25519Keypair()],
    ['secp256k1', new Secp256k1Keypair()],
    ['secp256r1', new Secp256r1Keypair()],
  ])('is shared with a key of %s', async (_, key) => {
    const { pageKey, holder } = await pageOf(key);
    const again = holderOf(pageKey.publicKey, key.getPublicKey().toSuiBytes());
    expect(again?.address).toBe(holder.address);
    expect(holder.address).not.toBe(key.toSuiAddress());
  });

  it('has a page key whose secret cannot be taken out', async () => {
    const { stored, pageKey } = await pageOf(new Ed25519Keypair());
    expect(stored.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('pkcs8', stored.privateKey)).rejects.toThrow();
    expect(structuredClone(stored.publicKey)).toEqual(pageKey.publicKey);
    expect(pageKey.publicKey.length).toBe(33);
  });
});

describe('the public networks', () => {
  it.each([
    ['mainnet', MAINNET, '35834a8a'],
    ['testnet', TESTNET, '4c78adac'],
  ] as const)('%s is the one that is meant', async (name, network, short) => {
    const { fromBase58 } = await import('@mysten/bcs');
    expect(networkInfo(name)).toBe(network);
    expect(Buffer.from(fromBase58(network.chainId)).toString('hex').slice(0, 8)).toBe(short);
    for (const id of [network.systemObjectId, network.stakingObjectId, network.packageId]) {
      expect(id).toMatch(/^0x[0-9a-f]{64}$/);
    }
    expect(network.walType).toMatch(/^0x[0-9a-f]{64}::wal::WAL$/);
  });
});
