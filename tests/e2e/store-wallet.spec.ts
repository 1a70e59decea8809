import type { Page } from '@playwright/test';
import type { KeptState } from '../../src/dev-wallet/kept-state.ts';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { expect, test } from './fixtures.ts';
import { countingPayments } from './ledger.ts';
import {
  ANSWER,
  expectDone,
  openQuote as openQuoteOf,
  payButton,
  setWallet,
  walletButton,
} from './store-steps.ts';

test.use({ isLocal: true });
test.describe.configure({ timeout: 120_000 });

const waiting = (page: Page) => page.getByRole('dialog', { name: 'Waiting for your wallet' });
const trouble = (page: Page, code: string) => page.locator(`[data-error="${code}"]`);

/** Opens the quote of one photo that nobody has stored, with a wallet that is connected. */
const openQuote = (page: Page, state: Partial<KeptState> = {}) =>
  openQuoteOf(page, [`${test.info().title}.jpg`], state);

const TWIST = /^And then/;

/** Pays with a wallet that does not answer. @returns what counts the payments from then on */
async function askSilent(page: Page, localNetwork: ServedNetwork | undefined) {
  await page.clock.install(); // goes on as the real one does, until a test moves it on
  await openQuote(page);
  const payments = countingPayments(localNetwork);
  await setWallet(page, ANSWER, 'silent');
  await payButton(page).click();
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
  return payments;
}

test('nothing is paid when the wallet declines, is closed or changes the bytes, and it can be paid all the same', async ({
  page,
  localNetwork,
}) => {
  await openQuote(page);
  const payments = countingPayments(localNetwork);
  const price = (await payButton(page).textContent()) ?? '';
  for (const [at, answer] of ['reject', 'close'].entries()) {
    await setWallet(page, ANSWER, answer);
    await payButton(page).click();
    // What the request before has left on screen does not count.
    await expect(walletButton(page)).toHaveAttribute('data-requests', `${at + 1}`);
    await expect(trouble(page, 'wallet-rejected')).toContainText('You declined in the wallet.');
    await expect(trouble(page, 'wallet-rejected')).toContainText('Nothing was paid.');
    await expect(trouble(page, 'wallet-rejected')).toBeInViewport({ ratio: 1 });
    await expect(payButton(page)).toHaveText(price);
    await expect(payButton(page)).toBeFocused();
  }
  await setWallet(page, ANSWER, 'popup');
  await payButton(page).click();
  const heldBack = trouble(page, 'wallet-popup-blocked');
  await expect(heldBack).toContainText('Nothing was paid.');
  await setWallet(page, ANSWER, 'approve');
  await setWallet(page, TWIST, 'change');
  await heldBack.getByRole('button', { name: 'Open the wallet window' }).click();
  await expect(trouble(page, 'transaction-altered')).toContainText(
    'It was not sent, and nothing was paid.',
  );
  await expect(payButton(page)).toBeFocused();
  expect(payments()).toBe(0);
  await setWallet(page, TWIST, 'none');
  await payButton(page).click();
  await expectDone(page);
  expect(payments()).toBe(1);
  await expect(walletButton(page)).toHaveAttribute('data-requests', '5');
  await expect(walletButton(page)).toHaveAttribute('data-approvals', '2');
});

test('a request that was cancelled is never sent, even if it is signed later', async ({
  page,
  localNetwork,
}) => {
  const payments = await askSilent(page, localNetwork);
  await waiting(page).getByRole('button', { name: 'Cancel this request' }).click();
  await expect(payButton(page)).toBeEnabled();
  await setWallet(page, ANSWER, 'approve');
  await expect(walletButton(page)).toHaveAttribute('data-approvals', '1');
  await expect(payButton(page)).toBeEnabled();
  expect(payments()).toBe(0);
  await payButton(page).click();
  await expectDone(page);
  expect(payments()).toBe(1);
});

test('a silent wallet is shown again, and the two requests are one payment', async ({
  page,
  localNetwork,
}) => {
  const payments = await askSilent(page, localNetwork);
  await page.clock.fastForward(10_000);
  await waiting(page).getByRole('button', { name: 'Show the wallet again' }).click();
  await expect(walletButton(page)).toHaveAttribute('data-requests', '2');
  await setWallet(page, ANSWER, 'approve');
  await expectDone(page);
  expect(payments()).toBe(1);
});

test('a wallet that is locked pays once it is unlocked', async ({ page, localNetwork }) => {
  await openQuote(page);
  const payments = countingPayments(localNetwork);
  await setWallet(page, /^Locked/, true);
  await payButton(page).click();
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
  if (process.env['HAULOUT_SOAK'] === '1') {
    await expect(waiting(page).locator('[data-hint=silent]')).toContainText('may be locked', {
      timeout: 90_000, // a minute, which only the soak waits for
    });
  }
  await setWallet(page, ANSWER, 'approve');
  await setWallet(page, /^Locked/, false);
  await expectDone(page);
  expect(payments()).toBe(1);
});

test('a double click on Pay is one request, and a late answer pays once', async ({
  page,
  localNetwork,
}) => {
  await openQuote(page, { answer: 'approve', twist: 'late', lateMs: 2_000 });
  const payments = countingPayments(localNetwork);
  await payButton(page).dblclick();
  await expectDone(page);
  expect(payments()).toBe(1);
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
});

test('what the wallet has sent by itself is found and used', async ({ page, localNetwork }) => {
  await openQuote(page, { answer: 'approve', twist: 'execute' });
  const payments = countingPayments(localNetwork);
  await payButton(page).click();
  await expectDone(page);
  expect(payments()).toBe(1);
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
});

test('another account is named, and gets a price of its own when asked for', async ({
  page,
  localNetwork,
}) => {
  const payments = await askSilent(page, localNetwork);
  await walletButton(page).click();
  const panel = page.getByRole('dialog', { name: 'Development wallet' });
  const [first] = await panel.getByLabel(/^Share 0x/).all();
  await first?.uncheck();
  await panel.getByRole('button', { name: 'Done' }).click();
  const card = trouble(page, 'wallet-account-changed');
  await expect(card).toContainText(/The wallet is on 0x\w+…\w+; this upload belongs to 0x\w+…\w+/);
  await card.getByRole('button', { name: /^Ask the price for 0x/ }).click();
  await expect(payButton(page)).toBeEnabled();
  await setWallet(page, ANSWER, 'approve');
  expect(payments()).toBe(0);
  await payButton(page).click();
  await expectDone(page);
  expect(payments()).toBe(1);
});

test('a wallet on another network pays on neither', async ({ page, localNetwork }) => {
  await openQuote(page, { answer: 'approve' });
  const payments = countingPayments(localNetwork);
  await setWallet(page, /^On Testnet/, true);
  const card = trouble(page, 'network-mismatch');
  await expect(card).toContainText('Nothing was paid on either.');
  await expect(payButton(page)).toBeDisabled();
  await setWallet(page, /^On Testnet/, false);
  await expect(payButton(page)).toBeEnabled();
  await expect(card).toHaveCount(0);
  expect(payments()).toBe(0);
});
