import type { Locator, Page } from '@playwright/test';
import { BLOB_POLICY } from '../../src/flows/read/blob-policy.ts';
import { expect, fetchOn, test } from './gateway-steps.ts';

test.use({
  serviceWorkers: 'allow',
  // The browser's own viewer is an extension, or a part of the browser; the style is what the driver adds to take a
  // picture of the page in Firefox.
  expectedProblems: [
    /another origin: (?:chrome-extension|chrome|resource):|style-src-elem inline .+eval|an inline style \(style-src-elem\)/,
  ],
});

/** How much of a picture of it is magenta, 0 to 1. */
async function magentaShare(element: Locator): Promise<number> {
  const png = (await element.screenshot({ caret: 'initial' })).toString('base64');
  const blank = await element.page().context().newPage();
  const share = await blank.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const { width, height, ...picture } = await createImageBitmap(new Blob([bytes])).then(
      (bitmap) => ({ width: bitmap.width, height: bitmap.height, bitmap }),
    );
    const pen = new OffscreenCanvas(width, height).getContext('2d');
    pen?.drawImage(picture.bitmap, 0, 0);
    const data = pen?.getImageData(0, 0, width, height).data ?? [];
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = data.slice(at, at + 3);
      if (red > 200 && green < 80 && blue > 200) count++;
    }
    return count / (width * height);
  }, png);
  await blank.close();
  return share;
}

test('a document is shown by its link, shut in by its headers, and its script reaches nobody', async ({
  page,
  site,
  stored,
}) => {
  // A viewer may let a document's own script say something; it reaches nobody.
  page.on('dialog', (dialog) => void dialog.dismiss());
  const asked: string[] = [];
  page.context().on('request', (request) => {
    if (request.url().includes('/ran')) asked.push(request.url());
  });
  const { blobId, bytes } = stored.document;
  await page.goto(`${site.url}b/${blobId}`);
  const frame = page.locator('[data-shown=document][data-way=gateway] iframe');
  await expect(frame).toBeVisible({ timeout: 40_000 }); // in a fresh profile the worker comes first
  const address = (await frame.getAttribute('src')) ?? '';
  const { pathname } = new URL(address, site.url);
  expect(pathname).toBe(`/v1/blobs/${blobId}`);
  const answer = await fetchOn(page, address);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-security-policy': BLOB_POLICY,
    'x-content-type-options': 'nosniff',
  });
  expect(answer.body.equals(bytes)).toBe(true);
  await expect.poll(() => magentaShare(frame), { timeout: 20_000 }).toBeGreaterThan(0.02);
  expect(asked).toEqual([]);
  expect(page.context().pages()).toEqual([page]);
});

test('a document is shown by its link in two tabs at once, and each tells of its own reading', async ({
  page,
  context,
  site,
  stored,
}) => {
  test.skip(process.env['HAULOUT_SOAK'] !== '1', 'for the soak');
  const { blobId } = stored.document;
  const tabs = [page, await context.newPage()];
  await Promise.all(tabs.map((tab) => tab.goto(`${site.url}b/${blobId}`)));
  const frameOf = (tab: Page) => tab.locator('[data-shown=document][data-way=gateway] iframe');
  for (const tab of tabs) {
    await tab.bringToFront();
    await expect(frameOf(tab)).toBeVisible({ timeout: 40_000 });
    await expect.poll(() => magentaShare(frameOf(tab)), { timeout: 20_000 }).toBeGreaterThan(0.02);
    await expect(tab.locator('[data-report]')).toContainText(
      'All 8 parts verified, nothing unverified is shown.',
    );
  }
  // Each has its name for what it asks, by which the worker tells it of it.
  const addresses = await Promise.all(tabs.map((tab) => frameOf(tab).getAttribute('src')));
  expect(new Set(addresses).size).toBe(2);
  await tabs[0]?.close();
  await tabs[1]?.reload();
  await expect
    .poll(() => magentaShare(frameOf(tabs[1] as Page)), { timeout: 20_000 })
    .toBeGreaterThan(0.02);
});
