import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { haveLiars, picture, store } from './open-steps.ts';

test.use({ isLocal: true });
test.describe.configure({ mode: 'serial', timeout: 90_000 });

let local: ServedNetwork;
let blobId = '';
const shown = picture(1);

test.beforeAll(async ({ localNetwork }) => {
  if (localNetwork === undefined) throw new Error('there is no network');
  local = localNetwork;
  const [first] = await store(local, [shown]);
  blobId = first?.blobId ?? '';
});

test('a short link shows a picture, and says what was verified', async ({ page }) => {
  await haveLiars(local);
  await page.goto(`./b/${blobId}`);
  await expect(page.getByRole('heading', { name: 'Picture', level: 1 })).toBeVisible();
  const width = () =>
    page
      .getByRole('img', { name: 'Picture' })
      .evaluate((img: HTMLImageElement) => img.naturalWidth);
  await expect.poll(width).toBe(120);
  await page.getByRole('button', { name: 'Ask 20 random shares' }).click();
  await expect(page.locator('[data-audit=done]')).toBeVisible();
  await page.getByRole('button', { name: 'Check fully' }).click();
  await expect(page.locator('[data-strict=done]')).toBeVisible();
  await expectAccessible(page);
  await local.admin.days.clear();
});
