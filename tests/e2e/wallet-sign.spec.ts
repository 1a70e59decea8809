import { join } from 'node:path';
import { Transaction } from '@mysten/sui/transactions';
import type { Page } from '@playwright/test';
import type { KeptState } from '../../src/dev-wallet/kept-state.ts';
import type { WalletPort } from '../../src/index.ts';
import { formatsFor } from '../../src/presentation/format.ts';
import { libraryFolder } from '../../src/tooling/paths.mjs';
import { violations } from './axe.ts';
import { openWithWallet } from './dev-wallet.ts';
import { expect, test } from './fixtures.ts';

test.use({ isLocal: true });

/** The built library: this process asks, the page's wallet signs. */
const library = (): Promise<typeof import('../../src/index.ts')> =>
  import(join(libraryFolder, 'index.js'));

/** What is used here of a wallet that announces itself to its page. */
interface AnnouncedWallet {
  readonly accounts: readonly { readonly address: string; readonly publicKey: Uint8Array }[];
  readonly features: {
    'standard:connect': { connect(): Promise<unknown> };
    'sui:signTransaction': {
      signTransaction(input: object): Promise<{ bytes: string; signature: string }>;
    };
  };
}
type WithWallet = Window & { announced: AnnouncedWallet };

/** The wallet of the page, to be asked from here as a page asks it. */
async function walletOf(page: Page, state: Partial<KeptState> = {}): Promise<WalletPort> {
  await openWithWallet(page, state);
  await expect(page.locator('[data-approvals]')).toBeVisible();
  const account = await page.evaluate(async () => {
    const announced = await new Promise<AnnouncedWallet>((resolve) => {
      const register = (wallet: AnnouncedWallet) => {
        resolve(wallet);
        return () => {};
      };
      const detail = { register };
      window.dispatchEvent(new CustomEvent('wallet-standard:app-ready', { detail }));
    });
    await announced.features['standard:connect'].connect();
    (window as unknown as WithWallet).announced = announced;
    const { address = '', publicKey } = announced.accounts[0] ?? {};
    return { address, publicKey: [...(publicKey ?? [])] };
  });
  const { walletStandardWallet } = await library();
  const signTransaction = async (input: { transaction: { toJSON(): Promise<string> } }) =>
    page.evaluate(
      async (json) => {
        const { accounts, features } = (window as unknown as WithWallet).announced;
        return features['sui:signTransaction'].signTransaction({
          transaction: { toJSON: async () => json },
          account: accounts[0],
          chain: 'sui:localnet',
        });
      },
      await input.transaction.toJSON(),
    );
  return walletStandardWallet(
    {
      accounts: [{ ...account, chains: ['sui:localnet'] }],
      features: { 'sui:signTransaction': { signTransaction } },
    },
    { chain: 'sui:localnet' },
  );
}

/** Prices one small file for the account of the page's wallet; storing it asks that wallet. */
async function quoted(wallet: WalletPort, network: object | undefined, text: string) {
  const { createHaulout } = await library();
  const client = createHaulout({ network: network as never, wallet });
  const source = new Blob([text]);
  const quote = await client.quote([source], { epochs: 2, deletable: true, path: 'direct' });
  return { client, quote };
}

const question = (page: Page) => page.getByRole('dialog', { name: 'Sign this transaction?' });
const counts = (page: Page) =>
  page
    .locator('[data-approvals]')
    .evaluate((e) => [e.dataset['requests'], e.dataset['approvals']].map(Number));

test('what is approved is shown as it is in the bytes, and pays once', async ({
  page,
  localNetwork,
}) => {
  const wallet = await walletOf(page);
  const { client, quote } = await quoted(wallet, localNetwork?.description, 'approved');
  const job = client.store(quote);
  const result = job.result();
  await expect(question(page)).toHaveAttribute('data-approval', 'register');
  const formats = formatsFor('en-US');
  const { walMaximumFrost, stipendMist } = quote.cost;
  const dialog = question(page);
  await expect(dialog).toContainText(`${formats.amount(walMaximumFrost, 'up')} WAL`);
  await expect(dialog).toContainText(`${formats.amount(stipendMist, 'up')} SUI to 0x`);
  await expect(dialog).toContainText(`${formats.bytes('approved'.length)}, deletable`);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Approve' }).click();
  const [file] = await result;
  expect(file?.blobObjectId).toMatch(/^0x/);
  expect(await counts(page)).toEqual([1, 1]);
});

test('what is declined is not signed, by the button or Escape; bytes that are none of ours are called that', async ({
  page,
  localNetwork,
}) => {
  const wallet = await walletOf(page);
  const { client, quote } = await quoted(wallet, localNetwork?.description, 'declined');
  const job = client.store(quote);
  const declined = job.result().catch((error: unknown) => error);
  await question(page).getByRole('button', { name: 'Decline' }).click();
  expect(await declined).toMatchObject({ code: 'wallet-rejected' });
  await expect(question(page)).toHaveCount(0);
  job.resume();
  const again = job.result().catch((error: unknown) => error);
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('Escape');
  expect(await again).toMatchObject({ code: 'wallet-rejected' });
  expect(await counts(page)).toEqual([2, 0]);
  const { address = '' } = wallet.account() ?? {};
  const other = new Transaction();
  other.transferObjects([other.splitCoins(other.gas, [1n])], `0x${'7'.repeat(64)}`);
  other.setSender(address);
  other.setGasPrice(1000n);
  other.setGasBudget(5_000_000n);
  other.setGasPayment([
    { objectId: `0x${'1'.repeat(64)}`, version: '1', digest: '11111111111111111111111111111111' },
  ]);
  const asked = wallet.sign(await other.build(), new AbortController().signal);
  const answer = asked.catch((error: unknown) => error);
  await expect(question(page)).toHaveAttribute('data-approval', 'unknown');
  await expect(question(page)).toContainText('It cannot be shown.');
  await question(page).getByRole('button', { name: 'Decline' }).click();
  expect(await answer).toMatchObject({ code: 'wallet-rejected' });
});
