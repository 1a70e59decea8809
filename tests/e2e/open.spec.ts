import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import type { StoredFile } from '../../src/index.ts';
import { siteFolder } from '../../src/tooling/paths.mjs';
import { expectAccessible, expectFits, plainTexts } from './axe.ts';
import { openWithWallet } from './dev-wallet.ts';
import { expect, test } from './fixtures.ts';
import { haveLiars, qrPicture, store } from './open-steps.ts';
import { mediaFiles, pasteInto, typeInto, useFileInputs } from './page-files.ts';
import { expectDone, payButton } from './store-steps.ts';
import { picture } from './stored.mjs';

test.use({ isLocal: true });
test.describe.configure({ mode: 'serial', timeout: 90_000 });

const UNKNOWN = 'vldooumlbSRuiUvv54k0MowsF5afG7SVC0b9oXufbzQ';
const letter = 'Dear reader, <b>this</b> is a letter.\n';

let local: ServedNetwork;
let image: StoredFile;
let text: StoredFile;

test.beforeAll(async ({ localNetwork }) => {
  if (localNetwork === undefined) throw new Error('there is no network');
  local = localNetwork;
  const [first, second] = await store(local, [picture(1), Buffer.from(letter)]);
  if (first === undefined || second === undefined) throw new Error('nothing was stored');
  [image, text] = [first, second];
});

/** Waits for the picture, as it was stored. */
async function expectPicture(page: Page): Promise<void> {
  const width = () =>
    page
      .getByRole('img', { name: 'Picture' })
      .evaluate((img: HTMLImageElement) => img.naturalWidth);
  await expect.poll(width).toBe(120);
}

test('a short link shows a picture while some lie; it is checked, and its shares are asked', async ({
  page,
}) => {
  await haveLiars(local);
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
  });
  await page.goto(`./b/${image.blobId}`);
  await expect(page.getByRole('heading', { name: 'Picture', level: 1 })).toBeVisible();
  await expectPicture(page);
  await expect(page).toHaveTitle('Haulout');
  await expect(page.locator('[data-live=polite]')).toContainText('Shown, and verified.');
  const report = page.locator('[data-report]');
  await expect(report).toContainText('All 5 parts verified, nothing unverified is shown.');
  await expect(report).toContainText(/1 aggregator sent wrong data \(part \d, replaced\)/);
  await expect(report.locator('[data-count=replaced]')).toHaveText('1 replaced after wrong data');
  await expect(report.locator('[data-count=verified]')).toHaveText('4 verified');
  const cells = await report.locator('[data-parts=verified]').getAttribute('d');
  expect(cells?.match(/M/g)).toHaveLength(4);
  await expect(report).toContainText(/Stored until .+ at least, as the nodes say/);
  // What stores and what pays is not loaded to look at something.
  const own = scripts.filter((path) => !path.includes('worker') && path.includes('/assets/'));
  expect(own.filter((path) => /wallet|quote|queue|store-|services|whole-app/.test(path))).toEqual(
    [],
  );

  await page.getByRole('button', { name: 'Ask 20 random shares' }).click();
  const audit = page.locator('[data-audit=done]');
  await expect(audit).toContainText(/^Is it really there\?\d+ of 13 answered right/);
  await expect(audit).toContainText('3 gave something else.');
  await expect(audit).toContainText(
    'So at least 10 of 13 shares can give their piece; 5 are enough',
  );
  await page.getByRole('button', { name: 'Check fully, 43.3 kB' }).click();
  await expect(page.locator('[data-strict=done]')).toContainText('every reader gets these bytes');
  await expect(page.getByRole('heading', { name: /encode it honestly/ })).toBeFocused(); // its button went away
  await expectAccessible(page);
  await local.admin.days.clear();
});

test('what a short link loads as scripts is small', async ({ request, baseURL }) => {
  const html = await (await request.get(`${baseURL}b/${image.blobId}`)).text();
  const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(
    ([, path]) => path,
  );
  expect(scripts.length).toBeGreaterThan(3);
  const bytes = scripts.map((path) => gzipSync(readFileSync(join(siteFolder, path ?? ''))).length);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(120_000);
});

test('all of it is checked first where the link wants that; a hash does as well as a path', async ({
  page,
  browserName,
}) => {
  await useFileInputs(page);
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  await page.goto(`./#/o/${image.blobObjectId}?strict=1&dl=1`);
  await expectPicture(page);
  await expect(page.locator('[data-strict=done]')).toBeVisible();
  if (browserName !== 'chromium') return; // downloads cannot be awaited in Firefox
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download, 43.3 kB' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe(`${image.blobId}.bmp`);
  expect(readFileSync(await file.path()).equals(picture(1))).toBe(true);
});

test('nobody holds it: who said so, and what may help', async ({ page }) => {
  await page.goto(`./b/${UNKNOWN}`);
  const missing = page.locator('[data-missing]');
  await expect(missing).toContainText('Nobody holds this blob');
  await expect(missing).toContainText(/\d nodes with (9|1[0-3]) of 13 shares said so at/);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await expect(missing.getByRole('heading')).toBeFocused();
  await page.getByRole('link', { name: 'Compare a file instead' }).click();
  await expect(page.getByRole('textbox', { name: 'Blob ID' })).toHaveValue(UNKNOWN);
  await page.goto('./b/abc');
  await expect(page.locator('[data-error=blob-id-malformed]')).toContainText('3 instead of 43');
  await page.getByRole('link', { name: 'Paste it again' }).click();
  await expect(page.getByRole('textbox', { name: 'ID, link or receipt' })).toBeVisible();
});

test('from the first screen with the keyboard alone: a link, an object, a text as text', async ({
  page,
}) => {
  await page.goto('./');
  const first = page.getByRole('textbox', { name: 'Blob ID, link or receipt' });
  await typeInto(first, `https://aggregator.example/v1/blobs/${text.blobId}`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/open/${text.blobId}$`));
  await expect(page.locator('pre')).toHaveText(letter.trim());
  await expect(page.locator('pre b')).toHaveCount(0);
  await expectAccessible(page);
  await page.keyboard.press('/');
  await expect(page.getByRole('textbox', { name: 'ID, link or receipt' })).toBeFocused();
  await page.keyboard.type('abc');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toContainText('it has 3 characters instead of 43');
  await typeInto(page.getByRole('textbox'), image.blobObjectId ?? '');
  await page.keyboard.press('Enter');
  await expectPicture(page);
  await expect(page.locator('[data-until]')).toContainText(/Stored until .+ \(period \d+\)\./);
  await typeInto(page.getByRole('textbox'), `0x${'0'.repeat(63)}7`);
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-missing]')).toContainText('Local devnet has no such object');
});

test('a receipt holds by itself and on chain; an altered one is told by its field', async ({
  page,
}) => {
  const receipt = text.receipt ?? '';
  await useFileInputs(page);
  await page.goto('./open');
  const give = async (name: string, mimeType: string, buffer: Buffer) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a receipt or QR picture' }).click();
    await (await chooser).setFiles([{ name, mimeType, buffer }]);
  };
  await give('no code.bmp', 'image/bmp', picture(4));
  await expect(page.getByText('no picture with a QR code that can be read')).toBeVisible();
  await give('code.bmp', 'image/bmp', qrPicture(`https://haulout.example/b/${text.blobId}`));
  await expect(page).toHaveURL(new RegExp(`/open/${text.blobId}$`));
  await give('a.json', 'application/json', Buffer.from(receipt));
  const offline = page.locator('[data-offline]');
  await expect(offline).toContainText('The receipt holds by itself');
  await expect(offline).toContainText(/Nodes with (9|1[0-3]) of 13 shares .+ have signed/);
  await expect(page.locator('[data-on-chain=answered]')).toBeVisible();
  await expect(page.locator('[data-check=blobObjectId]')).toHaveAttribute('data-verdict', 'holds');
  await expect(page.locator('[data-verdict=differs]')).toHaveCount(0);
  await expectAccessible(page);

  const field = page.getByRole('textbox');
  await pasteInto(field, receipt.replace(/"unencodedBytes": \d+/, '"unencodedBytes": 7'));
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  const altered = page.locator('[data-error=receipt-altered]');
  await expect(altered).toContainText('The receipt does not match its own signatures: blobId.');
  await expect(offline).toHaveCount(0);
  await expectAccessible(page);
  // What it does not sign for is the chain's to say.
  const owner = JSON.parse(receipt).owner as string;
  await pasteInto(field, receipt.replace(owner, `0x${'1'.repeat(64)}`));
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(offline).toBeVisible();
  await expect(page.locator('[data-check=owner]')).not.toHaveAttribute('data-verdict', 'holds');
});

test('a film begins where the link says, a page is no more than a file, and both go straight to disk', async ({
  page,
}) => {
  await page.addInitScript(() => {
    // What the dialog would give: a file that really can be written.
    const pick = async ({ suggestedName }: { suggestedName: string }) => {
      const folder = await navigator.storage.getDirectory();
      return folder.getFileHandle(suggestedName, { create: true });
    };
    Object.assign(window, { showSaveFilePicker: pick });
  });
  await page.goto('./settings'); // makes a film as good as any place
  const film = (await mediaFiles(page)).find(({ name }) => name.endsWith('.webm'));
  const html = Buffer.from('<!doctype html><script>top.ran = true</script><p>Hello'.repeat(90));
  const [moving, site] = await store(local, [film?.buffer ?? html, html]);
  await page.goto(`./b/${moving?.blobId}?t=0.3`);
  const video = page.locator('video');
  const begins = () => video.evaluate((element: HTMLVideoElement) => element.currentTime);
  await expect.poll(begins).toBeGreaterThanOrEqual(0.3);
  await expectAccessible(page);

  await page.goto(`./b/${site?.blobId}`);
  await expect(page.locator('[data-shown=text] pre')).toContainText('<script>top.ran');
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  await page.getByRole('button', { name: 'Download' }).click();
  await expect(page.getByRole('main')).toContainText(
    `Saved as ${site?.blobId}.txt, every byte verified.`,
  );
  const saved = await page.evaluate(async (name) => {
    const folder = await navigator.storage.getDirectory();
    return (await (await folder.getFileHandle(name)).getFile()).text();
  }, `${site?.blobId}.txt`);
  expect(saved).toBe(String(html));
});

test('long words and right to left fit, and no text is outside of the catalog', async ({
  page,
}) => {
  await page.goto('./settings');
  for (const language of ['ar-XB', 'en-XA']) {
    await page.evaluate((chosen) => {
      localStorage['haulout.language'] = chosen;
    }, language);
    await page.goto(`./b/${image.blobId}`);
    await expectPictureIn(page);
    await page.locator('[data-audit] button').click();
    await expect(page.locator('[data-audit=done]')).toBeVisible();
    for (const width of [320, 360, 768, 1280]) await expectFits(page, width);
  }
  expect(await plainTexts(page)).toEqual([]);
  await page.goto('./open/receipt');
  await pasteInto(page.locator('textarea'), text.receipt ?? '');
  await page.locator('main form button').first().click();
  await expect(page.locator('[data-on-chain=answered]')).toBeVisible();
  for (const width of [320, 1280]) await expectFits(page, width);
  expect(await plainTexts(page)).toEqual([]);
});

/** The same in any language. */
async function expectPictureIn(page: Page): Promise<void> {
  const width = () =>
    page.locator('main img').evaluate((img: HTMLImageElement) => img.naturalWidth);
  await expect.poll(width).toBe(120);
}

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('from a file to a link to the one who looks at it, part by part', async ({
    page,
    context,
  }) => {
    await useFileInputs(page);
    await openWithWallet(page, { answer: 'approve' });
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose files' }).click();
    const file = { name: 'waves.bmp', mimeType: 'image/bmp', buffer: picture(7) };
    await (await chooser).setFiles([file]);
    await page.getByRole('button', { name: 'See the price' }).click();
    await page.getByRole('button', { name: 'Connect a wallet to pay' }).click();
    await page.getByRole('button', { name: 'Development wallet' }).click();
    await payButton(page).click();
    await expectDone(page);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller)).not.toBeNull();
    const opened = context.waitForEvent('page');
    await page.locator('[data-short-link]').click();
    const viewer = await opened;
    await expect(viewer.locator('[data-way=gateway]')).toBeVisible({ timeout: 20_000 });
    await expectPicture(viewer);
    await expect(viewer.getByRole('heading', { level: 1 })).toHaveText('waves.bmp');
    const report = viewer.locator('[data-report]');
    await expect(report).toContainText('All 5 parts verified');
    await expect(report).toContainText(/Stored until .+ \(period \d+\)\./);
    await expectAccessible(viewer);
  });
});
