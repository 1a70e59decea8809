import { expect, test } from './fixtures.ts';
import { blobIdOf, dropFiles, idsOnPage, textFile } from './page-files.ts';

test.use({
  serviceWorkers: 'allow',
  // Firefox says so of a worker's script that is still being loaded when its page is left.
  expectedProblems: [/engine\.worker.*A ServiceWorker intercepted the request/s],
});

test('once loaded, the page works and reloads without a connection', async ({ page, context }) => {
  await page.goto('./');
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.locator('[data-offline=ready]')).toBeVisible({ timeout: 20_000 });
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await page.waitForLoadState('networkidle'); // Firefox complains of what it has to drop
  await page.goto('./open/compare');
  await expect(page.getByRole('heading', { name: 'Is this file that blob?' })).toBeVisible();
  await page.goto('./b/abc'); // short links too, and what they say of themselves
  await expect(page.locator('[data-error=blob-id-malformed]')).toBeVisible();
  await page.waitForLoadState('networkidle');
  await page.getByRole('link', { name: 'Haulout' }).click();
  await expect(page.getByRole('heading', { name: 'Store files on Walrus' })).toBeVisible();
  // In a tab of its own: where one was left while its workers start, Firefox under its driver may start no more there.
  const tab = await context.newPage();
  await tab.goto('./');
  await dropFiles(tab, [textFile('offline.txt', 'no line')]);
  expect(await idsOnPage(tab)).toEqual({ 'offline.txt': await blobIdOf('no line') });
});

test('addresses with a hash are understood on hosts without rewrites', async ({ page }) => {
  await page.goto('./#/open/compare');
  await expect(page.getByRole('heading', { name: 'Is this file that blob?' })).toBeVisible();
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await expect(page).toHaveURL(/#\/settings$/);
});

test('places are found under the names of their files', async ({ page }) => {
  await page.goto('./index.html');
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeVisible();
  await page.goto('./settings.html');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await expect(page).toHaveURL(/\/settings$/);
});

test('Back closes what lies over the page', async ({ page }) => {
  await page.goto('./');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Settings' }).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('an address that leads nowhere says so', async ({ page }) => {
  await page.goto('./no/such/place');
  await expect(page.getByText('There is nothing at this address.')).toBeVisible();
  await page.getByRole('link', { name: 'Go to the start' }).click();
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeVisible();
});
