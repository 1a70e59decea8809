import type { Page } from '@playwright/test';
import { violations } from './axe.ts';
import { openWithWallet } from './dev-wallet.ts';
import { expect, test } from './fixtures.ts';

test.use({ isLocal: true });

const chip = (page: Page) => page.locator('[data-wallet]');
const chooser = (page: Page) => page.getByRole('dialog', { name: 'Connect a wallet' });
const accountButton = (page: Page) => page.getByRole('button', { name: /^Wallet, account/ });

async function connect(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await chooser(page).getByRole('button', { name: 'Development wallet' }).click();
  await expect(chip(page)).toHaveAttribute('data-wallet', 'connected');
  await expect(chooser(page)).toHaveCount(0);
}

/** The address that the page shows, in full. */
async function shownAddress(page: Page): Promise<string> {
  await accountButton(page).click();
  const address = await page.locator('[data-address]').getAttribute('data-address');
  await page.keyboard.press('Escape');
  return address ?? '';
}

test('a wallet is connected, taken up after a reload without a question, and disconnected', async ({
  page,
}) => {
  await openWithWallet(page);
  await expect(page.locator('[data-network]')).toHaveText(/Local devnet$/);
  await connect(page);
  const address = await shownAddress(page);
  expect(address).toMatch(/^0x[0-9a-f]{64}$/);
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(chip(page)).toHaveAttribute('data-wallet', 'connected');
  expect(await shownAddress(page)).toBe(address);
  await expect(chooser(page)).toHaveCount(0);
  // The faucet has given the new accounts something to pay with.
  await page.getByRole('button', { name: 'Wallet', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Development wallet' });
  await expect(panel.getByText(/[1-9][\d,]*\.\d+ SUI, [1-9][\d,]*\.\d+ WAL/)).toHaveCount(2);
  expect(await violations(page)).toEqual([]);
  await panel.getByRole('button', { name: 'Done' }).click();
  await accountButton(page).click();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Disconnect' }).click();
  await expect(chip(page)).toHaveAttribute('data-wallet', 'none');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeEnabled();
});

test('a wallet that declines is not connected, and can be asked again', async ({ page }) => {
  await openWithWallet(page, { answer: 'reject' });
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await chooser(page).getByRole('button', { name: 'Development wallet' }).click();
  await expect(chooser(page).getByRole('status')).toContainText('did not connect');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(chooser(page)).toHaveCount(0);
  await expect(chip(page)).toHaveAttribute('data-wallet', 'none');
});

test('a wallet that is locked is waited for, and the waiting can be left', async ({ page }) => {
  await openWithWallet(page, { isLocked: true });
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await chooser(page).getByRole('button', { name: 'Development wallet' }).click();
  await expect(chooser(page).getByRole('status')).toContainText('Waiting for');
  await page.keyboard.press('Escape');
  await expect(chip(page)).toHaveAttribute('data-wallet', 'none');
});

test('another account of the wallet is used, also after a reload', async ({ page }) => {
  await openWithWallet(page);
  await connect(page);
  const first = await shownAddress(page);
  await accountButton(page).click();
  await page.getByRole('menuitem', { name: /^Switch to/ }).click();
  await expect.poll(() => shownAddress(page)).not.toBe(first);
  const second = await shownAddress(page);
  await page.reload();
  await expect(chip(page)).toHaveAttribute('data-wallet', 'connected');
  expect(await shownAddress(page)).toBe(second);
});

test('the page follows the wallet to another account, and is told of another network', async ({
  page,
}) => {
  await openWithWallet(page);
  await connect(page);
  const first = await shownAddress(page);
  const panel = page.getByRole('dialog', { name: 'Development wallet' });
  const setBox = async (name: string, isChecked: boolean) => {
    await page.getByRole('button', { name: 'Wallet', exact: true }).click();
    await panel.getByRole('checkbox', { name }).setChecked(isChecked);
    await panel.getByRole('button', { name: 'Done' }).click();
  };
  await setBox(`Share ${first.slice(0, 6)}`, false);
  await expect.poll(() => shownAddress(page)).not.toBe(first);
  const second = await shownAddress(page);
  await page.reload();
  await expect(chip(page)).toHaveAttribute('data-wallet', 'connected');
  expect(await shownAddress(page)).toBe(second);
  await setBox('On Testnet', true);
  await accountButton(page).click();
  await expect(page.getByRole('menu')).toContainText('Switch it to Local devnet in the wallet.');
  expect(await violations(page)).toEqual([]);
});

test('a wallet is connected with the keyboard alone', async ({ page }) => {
  await openWithWallet(page);
  const button = page.getByRole('button', { name: 'Connect', exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  const wallet = chooser(page).getByRole('button', { name: 'Development wallet' });
  await expect(wallet).toBeVisible();
  for (let at = 0; at < 4; at++) {
    if (await wallet.evaluate((e) => e === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(chip(page)).toHaveAttribute('data-wallet', 'connected');
  await expect(accountButton(page)).toBeFocused();
  await expect(page.locator('[data-live=polite]')).toContainText('Wallet connected');
});
