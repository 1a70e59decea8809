import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { countingPayments, watchingSpender } from './ledger.ts';
import { atConfirmation, beforeNextTransaction, letAllGo } from './store-holds.ts';
import {
  ANSWER,
  choose,
  expectDone,
  expectReadable,
  openQuote,
  payButton,
  photo,
  setWallet,
  walletButton,
} from './store-steps.ts';

test.use({ isLocal: true, expectedProblems: [/the engine dies/] });
test.describe.configure({ timeout: 120_000 });

const SOAK = process.env['HAULOUT_SOAK'] === '1';

/** The thread dies that works on uploads, as where memory is short. */
async function endEngine(page: Page): Promise<void> {
  const engine = page.workers().find((worker) => worker.url().includes('engine.worker'));
  await engine?.evaluate(() => {
    setTimeout(() => {
      throw new Error('the engine dies');
    });
  });
}

test('given up, and not to the end: it is finished after a reload, and tried again, and nothing more is paid', async ({
  page,
  localNetwork,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'workers cannot be reached in Firefox');
  if (localNetwork === undefined) throw new Error('there is no network');
  await openQuote(page, ['half.jpg'], { answer: 'approve' });
  const payments = countingPayments(localNetwork);
  const spent = watchingSpender(localNetwork);
  await atConfirmation.prepare(localNetwork);
  await payButton(page).click();
  await atConfirmation.reached(localNetwork);
  await beforeNextTransaction.prepare(localNetwork);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Give the upload up' }).click();
  await beforeNextTransaction.reached(localNetwork);
  const givingUp = page.locator('[data-upload=cancelled] [data-cancelling=paid]');
  await expect(givingUp).toContainText('What was paid for goes to your wallet');
  await endEngine(page);
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible();
  await expect(page.locator('[data-error=engine-crashed]')).toContainText('It is paid');
  await expect(page.getByRole('button', { name: /^(Go on|Pause|Cancel|Pay)/ })).toHaveCount(0);
  await expectAccessible(page);

  await page.goto('./');
  const found = page.locator('[data-found]');
  await expect(found).toContainText('What was paid for still has to go to your wallet.');
  await expect(found.getByRole('button', { name: /^(Continue|Cancel)/ })).toHaveCount(0);
  await expectAccessible(page);
  await beforeNextTransaction.prepare(localNetwork);
  await found.getByRole('button', { name: 'Finish that' }).click();
  await beforeNextTransaction.reached(localNetwork);
  await expect(givingUp).toBeVisible();
  await endEngine(page);
  await letAllGo(localNetwork);
  await again.click();
  await expect(page.locator('[data-cancelled=space-kept]')).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('[data-error]')).toHaveCount(0);
  const { frost, mist } = spent();
  const money = page.locator('[data-paid=paid]');
  await expect(money).toHaveAttribute('data-frost', `${frost}`);
  await expect(money).toHaveAttribute('data-mist', `${mist}`);
  expect(payments()).toBe(1);
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
});

test('permanent: it says that nothing comes back, and the same file finishes it for nothing', async ({
  page,
  localNetwork,
}) => {
  test.skip(!SOAK, 'the way to a first answer is most of it');
  if (localNetwork === undefined) throw new Error('there is no network');
  await openQuote(page, ['kept.jpg'], { answer: 'approve' });
  const payments = countingPayments(localNetwork);
  await page.getByText('Nobody can delete', { exact: false }).click();
  await atConfirmation.prepare(localNetwork);
  await payButton(page).click();
  await atConfirmation.reached(localNetwork);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Cancel this upload?' });
  await expect(question).toContainText(
    /The [\d.]+ WAL cannot be taken back. You can finish the upload any time before .*20\d\d/,
  );
  await question.getByRole('button', { name: 'Give the upload up' }).click();
  await expect(page.locator('[data-cancelled=blobs-kept]')).toBeVisible({ timeout: 30_000 });
  await letAllGo(localNetwork);

  await page.getByRole('link', { name: 'Store', exact: true }).click();
  await choose(page, ['kept.jpg']);
  await page.getByRole('button', { name: 'See the price' }).click();
  await expect(page.locator('[data-standing=registered]')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Pay 0.00 WAL' }).click();
  await expectDone(page);
  await expectReadable(localNetwork, page, photo('kept.jpg'));
  expect(payments()).toBe(1);
});

test('not approved yet: nothing was paid, and nothing is left of it', async ({
  page,
  localNetwork,
}) => {
  test.skip(!SOAK, 'the way to a first answer is most of it');
  await openQuote(page, ['never.jpg'], { answer: 'approve' });
  await setWallet(page, ANSWER, 'silent');
  const payments = countingPayments(localNetwork);
  await payButton(page).click();
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
  await page.goto('./');
  const found = page.locator('[data-found]');
  await found.getByRole('button', { name: 'Cancel', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Cancel this upload?' });
  await expect(question.locator('[data-meaning]')).toHaveText('Nothing was paid.');
  await question.getByRole('button', { name: 'Cancel the upload' }).click();
  await expect(found).toHaveCount(0, { timeout: 20_000 });
  await page.reload();
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeVisible();
  await expect(found).toHaveCount(0);
  expect(payments()).toBe(0);
});
