import type { Page } from '@playwright/test';
import { openWithWallet } from './dev-wallet.ts';
import { expect, test } from './fixtures.ts';
import { useFileInputs as pickByInput } from './page-files.ts';

test.use({ isLocal: true });
test.describe.configure({ timeout: 120_000 });

const photo = (seed: string, bytes = 300_000) => Buffer.alloc(bytes, `${seed} `);

async function choose(page: Page, files: readonly { name: string; buffer: Buffer }[]) {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  const all = files.map((file) => ({ mimeType: 'image/jpeg', ...file }));
  await (await chooser).setFiles(all);
}

async function connect(page: Page): Promise<void> {
  const sheet = page.getByRole('dialog', { name: 'Connect a wallet' });
  await sheet.getByRole('button', { name: 'Development wallet' }).click();
}

test('from a drop to a link, with one approval', async ({ page, localNetwork }) => {
  await pickByInput(page);
  await openWithWallet(page, { answer: 'approve' });
  await choose(page, [{ name: 'beach.jpg', buffer: photo('beach') }]);
  await page.getByRole('button', { name: 'See the price' }).click();
  await page.getByRole('button', { name: 'Connect a wallet to pay' }).click();
  await connect(page);
  await page.getByRole('button', { name: /^Pay [\d.]+ WAL$/ }).click();
  await expect(page.locator('[data-done]')).toBeVisible({ timeout: 60_000 });
  const blobId = await page.locator('[data-stored]').getAttribute('data-stored');
  const { aggregatorUrl } = localNetwork?.description ?? {};
  const read = await fetch(`${aggregatorUrl}/v1/blobs/${blobId}`);
  expect(Buffer.from(await read.arrayBuffer()).equals(photo('beach'))).toBe(true);
});
