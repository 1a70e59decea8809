import type { Locator, Page } from '@playwright/test';
import { openWithWallet } from './dev-wallet.ts';
import { expect, test } from './fixtures.ts';
import { useFileInputs as pickByInput } from './page-files.ts';
import { expectDone, expectReadable, payButton, photo, walletButton } from './store-steps.ts';

test.use({ isLocal: true, serviceWorkers: 'allow' });
test.describe.configure({ timeout: 120_000 });

/** Goes to a button with Tab, as often as it takes, and presses it. */
async function press(page: Page, button: Locator): Promise<void> {
  await expect(button).toBeEnabled({ timeout: 20_000 });
  for (let steps = 0; steps < 60; steps++) {
    if (await button.evaluate((element) => element === document.activeElement)) {
      return page.keyboard.press('Enter');
    }
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not lead there');
}

test('from the files to a link with the keyboard alone, and one approval', async ({
  page,
  localNetwork,
}) => {
  const button = (name: string) => page.getByRole('button', { name });
  await pickByInput(page);
  await openWithWallet(page, { answer: 'approve' });
  const chooser = page.waitForEvent('filechooser');
  await press(page, button('Choose files'));
  const buffer = photo('keys.jpg');
  await (await chooser).setFiles([{ name: 'keys.jpg', mimeType: 'image/jpeg', buffer }]);
  await press(page, button('See the price'));
  await press(page, button('Connect a wallet to pay'));
  const sheet = page.getByRole('dialog', { name: 'Connect a wallet' });
  await press(page, sheet.getByRole('button', { name: 'Development wallet' }));
  await press(page, payButton(page));
  await expectDone(page);
  await press(page, button('Copy link'));
  await expect(page.locator('[data-live=polite]')).toContainText('Link copied.');
  await expect(walletButton(page)).toHaveAttribute('data-approvals', '1');
  await expectReadable(localNetwork, page, buffer);
});
