import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEPT_UNDER } from '../../src/dev-wallet/kept-state.ts';
import { buildDevWalletIfChanged } from '../../src/tooling/build-dev-wallet.mjs';
import { filesBelow } from '../../src/tooling/file-list.mjs';
import { devWalletFolder, siteFolder } from '../../src/tooling/paths.mjs';
import { expect, test } from './fixtures.ts';

/** Files below a folder that hold one of the words that only the development wallet has. */
function filesOfDevWallet(folder: string): string[] {
  return filesBelow(folder).filter((path) => {
    const text = readFileSync(join(folder, path), 'latin1');
    return [KEPT_UNDER, 'devWallet.', 'dev-wallet/'].some((word) => text.includes(word));
  });
}

test('a public site has nothing of the development wallet', async ({ page }) => {
  await buildDevWalletIfChanged();
  expect(filesOfDevWallet(devWalletFolder)).toContain('main.js');
  expect(filesOfDevWallet(siteFolder)).toEqual([]);
  // As any host serves it: no wallet, and the list says so.
  await page.goto('./');
  await expect(page.locator('[data-network]')).toHaveText(/Testnet$/);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('This browser has no wallet for Testnet.');
  await expect(page.getByRole('button', { name: 'Wallet', exact: true })).toHaveCount(0);
  await page.keyboard.press('Escape');
  // The person may choose another network.
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByText('Mainnet', { exact: true }).last().click();
  await expect(page.locator('[data-network=testnet]')).toBeVisible(); // until the page is loaded anew
  await page.getByRole('button', { name: 'Load the page for Mainnet' }).click();
  await expect(page.locator('[data-network=mainnet]')).toHaveText(/Mainnet$/);
  await expect(page.getByRole('radio', { name: 'Mainnet' })).toBeChecked();
});
