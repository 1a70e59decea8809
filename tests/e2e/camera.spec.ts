import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { findBrowser, launchOptions } from '../../src/tooling/browser.mjs';
import { reportsFolder } from '../../src/tooling/paths.mjs';
import { expectAccessible } from './axe.ts';
import { qrFilm } from './camera-film.ts';
import { expect, test } from './fixtures.ts';

const BLOB_ID = 'vldooumlbSRuiUvv54k0MowsF5afG7SVC0b9oXufbzQ';
const film = join(reportsFolder, 'camera.y4m');
mkdirSync(reportsFolder, { recursive: true });
writeFileSync(film, qrFilm(`https://haulout.example/b/${BLOB_ID}`));

const { args = [], ...options } = launchOptions('chromium', findBrowser('chromium'));
const camera = ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`];
test.use({ isLocal: true, launchOptions: { ...options, args: [...args, ...camera] } });

/** Keeps what the page got of the camera where the test finds it. */
function keepTrack() {
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    Object.assign(window, {
      tracks: [...(Reflect.get(window, 'tracks') ?? []), ...stream.getTracks()],
    });
    return stream;
  };
}

const states = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    ((Reflect.get(window, 'tracks') ?? []) as MediaStreamTrack[]).map(
      ({ readyState }) => readyState,
    ),
  );

async function scan(page: Page) {
  await page.goto('./open');
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  return page.getByRole('dialog', { name: 'Scan a QR code' });
}

test('a link is read by the camera, which is off afterwards', async ({ page, context }) => {
  await context.grantPermissions(['camera']);
  await page.addInitScript(keepTrack);
  const dialog = await scan(page);
  await expect(page).toHaveURL(new RegExp(`/open/${BLOB_ID}$`));
  await expect(dialog).toHaveCount(0);
  expect(await states(page)).toEqual(['ended']);
});

test('the camera is off while nobody sees what it sees', async ({ page, context }) => {
  await context.grantPermissions(['camera']);
  await page.addInitScript(keepTrack);
  // Nothing is read as long as nothing is drawn.
  await page.addInitScript(() => {
    OffscreenCanvasRenderingContext2D.prototype.drawImage = () => {};
  });
  const dialog = await scan(page);
  await expect(dialog.getByLabel('What the camera sees')).toBeVisible();
  await expect.poll(() => states(page)).toEqual(['live']);
  await expectAccessible(page);
  const turn = (visibilityState: string) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, visibilityState);
  await turn('hidden');
  await expect.poll(() => states(page)).toEqual(['ended']);
  await turn('visible');
  await expect.poll(() => states(page)).toEqual(['ended', 'live']);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(await states(page)).toEqual(['ended', 'ended']);
});

test('what is wrong with the camera is said', async ({ page }) => {
  const refused = await scan(page); // as the driver does unless it is told otherwise
  await expect(refused.getByRole('alert')).toContainText('does not give the camera to this page');
  for (const [name, words] of [
    ['NotFoundError', 'No camera was found.'],
    ['NotReadableError', 'another program may have it'],
  ] as const) {
    await page.keyboard.press('Escape');
    await page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', name));
    }, name);
    await page.getByRole('button', { name: 'Scan with the camera' }).click();
    await expect(page.locator('[data-camera]')).toContainText(words);
  }
});
