import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/tooling/file-list.mjs';
import { expect, fetchOn, openWithWorker, readWithPause, test } from './gateway-steps.ts';

test.use({
  serviceWorkers: 'allow',
  expectedProblems: [/./], // on a host that the usual tests do not know
});
test.describe.configure({ mode: 'default', timeout: 120_000 });

test('the worker is updated while it is read from, and taken back', async ({
  page,
  stored,
  elsewhere: { folder, root },
}) => {
  const url = (name: keyof typeof stored) => `${root}v1/blobs/${stored[name].blobId}`;
  const worker = join(folder, 'sw.js');
  await openWithWorker(page, root);
  await page.goto(`${root}bare.html`);

  await test.step('a new worker does not end what is being read', async () => {
    const read = await readWithPause(page, url('video'), async () => {
      writeFileSync(worker, `${readFileSync(worker, 'utf8')}\n// newer`);
      await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
        const { installing } = registration;
        if (installing === null) return;
        await new Promise((resolve) => installing.addEventListener('statechange', resolve));
      });
    });
    expect(read).toMatchObject({
      hash: sha256(stored.video.bytes),
      brokeAt: stored.video.bytes.length,
    });
    expect(
      await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state),
    ).toBe('installed');
  });

  await test.step('the worker can be taken back, with its caches alone', async () => {
    writeFileSync(worker, readFileSync(join(folder, 'sw-off.js')));
    await page.evaluate(() =>
      Promise.all([caches.open('haulout /other/ x'), caches.open('foreign')]),
    );
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update().catch(() => undefined); // Firefox: it was gone before it was told
    });
    await expect
      .poll(() =>
        page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) ?? null),
      )
      .toBeNull();
    expect(await page.evaluate(() => caches.keys())).toEqual(['haulout /other/ x', 'foreign']);
    // Not what the host has there, and at once: what else the page asks for must not wait either.
    expect((await fetchOn(page, url('data'))).status).toBe(503);
    expect(await page.evaluate(async () => (await fetch('own.txt')).status)).toBe(404);
    const next = await page.context().newPage();
    await next.goto(`${root}bare.html`);
    expect(await next.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  });
});

test('a short link is reloaded in a folder of a host that knows no paths, whatever it was built for', async ({
  page,
  stored,
  elsewhere: { root },
}) => {
  await openWithWorker(page, root);
  const { blobId } = stored.picture;
  await page.goto(`${root}#/b/${blobId}`);
  await expect(page.locator('[data-shown=image]')).toBeVisible();
  await expect(page).toHaveURL(`${root}b/${blobId}`);
  await page.reload();
  await expect(page.locator('[data-shown=image]')).toBeVisible();
});

test('a page whose worker cannot be installed says so', async ({
  page,
  elsewhere: { folder, root },
}) => {
  // A file of the build is missing on the host; it asks for no other, which would take its time.
  const list = join(folder, 'files.json');
  const { build } = JSON.parse(readFileSync(list, 'utf8')) as { build: string };
  writeFileSync(list, JSON.stringify({ build, files: { 'icon.svg': '' } }));
  rmSync(join(folder, 'icon.svg'));
  await page.goto(`${root}settings`);
  await expect(page.locator('[data-offline=unavailable]')).toBeVisible({ timeout: 40_000 });
});
