import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { openWithWallet } from './dev-wallet.ts';
import { expect, test } from './fixtures.ts';
import { countingPayments } from './ledger.ts';
import { dropPaths, useFileInputs as pickByInput } from './page-files.ts';
import { atConfirmation, letAllGo } from './store-holds.ts';
import {
  askPrice,
  expectDone,
  expectReadable,
  openQuote,
  payButton,
  photo,
  walletButton,
} from './store-steps.ts';

test.use({ isLocal: true, expectedProblems: [/the engine dies/] });
test.describe.configure({ timeout: 120_000 });
test.skip(({ browserName }) => browserName !== 'chromium', 'the quota is set by a debugger');

/** Lets the page keep so many bytes; as many as the browser likes without. */
async function setQuota(page: Page, quotaSize?: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  const size = quotaSize === undefined ? {} : { quotaSize };
  await session.send('Storage.overrideQuotaForOrigin', { origin, ...size });
}

test('without room nothing is paid; Back, and an engine that dies, do not end an upload', async ({
  page,
  localNetwork,
}) => {
  if (localNetwork === undefined) throw new Error('there is no network');
  await openQuote(page, ['room.jpg'], { answer: 'approve' });
  const payments = countingPayments(localNetwork);
  await setQuota(page, 1);
  await payButton(page).click();
  const full = page.locator('[data-error=store-full]');
  await expect(full).toContainText('The file needs more space than this browser has left.');
  await expect(full).toContainText('nothing was paid');
  await expect(walletButton(page)).toHaveAttribute('data-requests', '0');
  await setQuota(page);

  await atConfirmation.prepare(localNetwork);
  await payButton(page).click();
  await atConfirmation.reached(localNetwork);
  const uploading = page.locator('[data-upload=uploading]');
  await expect(uploading).toBeVisible();
  await page.goBack();
  await expect(page.locator('[data-running]')).toBeVisible();
  await page.goForward();
  await expect(uploading).toBeVisible();

  const engine = page.workers().find((worker) => worker.url().includes('engine.worker'));
  await engine?.evaluate(() => {
    setTimeout(() => {
      throw new Error('the engine dies');
    });
  });
  const crashed = page.locator('[data-error=engine-crashed]');
  await expect(crashed).toContainText(
    /It is paid, and what arrived at the nodes stays there.*Go on/,
  );
  await letAllGo(localNetwork);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expectDone(page);
  await expectReadable(localNetwork, page, photo('room.jpg'));
  expect(payments()).toBe(1);
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
});

test('pieces that find no room are not kept, if that is chosen; the file is stored all the same', async ({
  page,
  localNetwork,
}) => {
  if (localNetwork === undefined) throw new Error('there is no network');
  const bytes = 2_000_000;
  await pickByInput(page);
  await openWithWallet(page, { answer: 'approve' });
  const { usage = 0 } = await page.evaluate(() => navigator.storage.estimate());
  await setQuota(page, usage + 6_000_000); // pieces take four times as much as the file
  await askPrice(page, ['large.jpg'], bytes, true);
  const asked = page.locator('[data-unkept=asked]');
  await expect(asked).toContainText(/takes [\d.]+ .B; this browser has [\d.]+ .B for them/);
  await expect(asked).toContainText('nothing was paid');
  await expect(payButton(page)).toBeDisabled();
  await expectAccessible(page);
  await asked.getByRole('button', { name: 'Go on without keeping pieces' }).click();
  await expect(page.locator('[data-unkept=chosen]')).toContainText('leave the file where it is');
  await payButton(page).click();
  await expectDone(page);
  await expectReadable(localNetwork, page, photo('large.jpg', bytes));
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
});

test('a file that has changed, or is gone, since it was dropped cannot be paid for', async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'haulout-moved-'));
  const path = join(folder, 'moved.jpg');
  await openWithWallet(page);
  for (const [code, change] of [
    ['file-changed', () => writeFileSync(path, photo('other'))],
    ['file-gone', () => rmSync(path)],
  ] as const) {
    writeFileSync(path, photo(code));
    await dropPaths(page, [path]);
    await expect(page.locator('[data-state=settled]')).toBeVisible();
    change();
    await page.getByRole('button', { name: 'See the price' }).click();
    const sheet = page.getByRole('dialog', { name: 'Store 1 file' });
    await expect(sheet.locator(`[data-error=${code}]`)).toBeVisible();
    await expect(page.getByRole('button', { name: /^(Pay|Connect a wallet to pay)/ })).toHaveCount(
      0,
    );
    await page.goto('./');
  }
  rmSync(folder, { recursive: true });
});
