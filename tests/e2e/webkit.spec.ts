import { sha256 } from '../../src/tooling/file-list.mjs';
import { hasWebKit, WebKit } from '../support/webkit.ts';
import { VIDEO } from './gateway-blobs.ts';
import { expect, test } from './gateway-steps.ts';

const PORT = 4_445;

test.skip(process.env['HAULOUT_SOAK'] !== '1', 'a third browser, for the soak');
test.skip(!hasWebKit(), 'needs webkit2gtk-driver and xvfb');

test('WebKitGTK shows what links lead to, verified by its own service worker', async ({
  site,
  stored,
}) => {
  test.setTimeout(120_000);
  const webkit = await WebKit.open(PORT);
  try {
    const open = (name: keyof typeof stored) => webkit.goto(`${site.url}b/${stored[name].blobId}`);
    await test.step('a picture', async () => {
      await open('picture');
      const width = () =>
        webkit.run(() => document.querySelector<HTMLImageElement>('main img')?.naturalWidth);
      await expect.poll(width, { timeout: 40_000 }).toBe(8);
    });

    await test.step('bytes, and what is said of them', async () => {
      const hasWorker = () => webkit.run(() => navigator.serviceWorker.controller !== null);
      await expect.poll(hasWorker, { timeout: 40_000 }).toBe(true);
      const { blobId, bytes } = stored.data;
      const found = await webkit.run(async (path) => {
        const answer = await fetch(path);
        const hash = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer());
        const hex = Array.from(new Uint8Array(hash), (each) => each.toString(16).padStart(2, '0'));
        const { headers } = answer;
        return { hash: hex.join(''), sniff: headers.get('x-content-type-options') };
      }, `/v1/blobs/${blobId}`);
      expect(found).toEqual({ hash: sha256(bytes), sniff: 'nosniff' });
    });

    // It plays from the begin alone: after a seek it asks the worker for nothing more.
    await test.step('a film, which plays', async () => {
      await open('video');
      const film = () =>
        webkit.run(() => {
          const video = document.querySelector('video');
          const way = video?.closest('[data-way]')?.getAttribute('data-way');
          return video && { way, seconds: video.duration, isHere: video.readyState >= 2 };
        });
      const expected = { way: 'gateway', seconds: VIDEO.seconds, isHere: true };
      await expect.poll(film, { timeout: 60_000 }).toEqual(expected);
      const position = () =>
        webkit.run(() => {
          const video = document.querySelector('video') as HTMLVideoElement;
          if (video.paused) void Object.assign(video, { muted: true }).play();
          return video.currentTime;
        });
      await expect.poll(position).toBeGreaterThan(1);
    });
  } finally {
    await webkit.close();
  }
});
