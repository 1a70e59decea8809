import type { Page } from '@playwright/test';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { expect, test } from './fixtures.ts';
import { expectDone, openQuote, payButton, walletButton } from './store-steps.ts';

test.use({ isLocal: true });
test.describe.configure({ timeout: 120_000 });

/** All nodes vote for prices so many times those that the network begins with. */
async function setPrices(localNetwork: ServedNetwork | undefined, factor: bigint): Promise<void> {
  const prices = { storagePrice: 100_000n * factor, writePrice: 20_000n * factor };
  await localNetwork?.network.epochs.setPrices(prices);
}

/** In FROST. */
async function amountIn(page: Page, place: string): Promise<bigint> {
  const amount = page.locator(`${place} [data-amount]`).first();
  return BigInt((await amount.getAttribute('data-amount')) ?? '');
}

test.afterEach(({ localNetwork }) => setPrices(localNetwork, 1n));

test('a price that rose is shown beside the old one, and what is missing is swapped', async ({
  page,
  localNetwork,
}) => {
  await openQuote(page, ['dear.jpg'], { answer: 'approve' });
  const held = await amountIn(page, '[data-balance]');
  const before = await amountIn(page, '[data-pay]');
  const factor = held / before + 1n;
  await setPrices(localNetwork, factor);
  await payButton(page).click();
  const changed = page.locator('[data-changed]');
  await expect(changed.locator('s [data-amount]')).toHaveAttribute('data-amount', `${before}`);
  const now = await amountIn(page, '[data-changed] strong');
  expect(now).toBeGreaterThan(held);
  await expect(walletButton(page)).toHaveAttribute('data-requests', '0');

  await expect(page.locator('[data-error=wal-short]')).toBeVisible();
  await expect(payButton(page)).toBeDisabled();
  await page.getByRole('button', { name: 'Swap SUI for the missing WAL' }).click();
  await expect(page.getByText('Swapped for the WAL that is missing')).toBeVisible();
  await expect(page.locator('[data-error]')).toHaveCount(0);
  await payButton(page).click();
  await expectDone(page);
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
});
