import { sha256 } from '../../src/tooling/file-list.mjs';
import { hasWebKit, WebKit } from '../support/webkit.ts';
import { colorAt } from '../support/webm.ts';
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

    await test.step('a film, which plays, and seeks to what was not fetched yet', async () => {
      await open('video');
      const film = () =>
        webkit.run(() => {
          const video = document.querySelector('video');
          const way = video?.closest('[data-way]')?.getAttribute('data-way');
          return video && { way, seconds: video.duration, isHere: video.readyState >= 2 };
        });
      const expected = { way: 'gateway', seconds: VIDEO.seconds, isHere: true };
      await expect.poll(film, { timeout: 60_000 }).toEqual(expected);
      await webkit.run(() => {
        const video = document.querySelector('video') as HTMLVideoElement;
        void Object.assign(video, { muted: true }).play();
      });
      for (const seconds of [VIDEO.seconds - 40, 100, VIDEO.seconds - 20, 10]) {
        await webkit.run((to) => {
          const video = document.querySelector('video') as HTMLVideoElement;
          video.currentTime = to;
        }, seconds);
        const isShown = async () => {
          const { colour, at } = await webkit.run(shown);
          return at > seconds + 1 && at < seconds + 9 && colour === colorAt(at);
        };
        await expect.poll(isShown).toBe(true);
      }
    });
  } finally {
    await webkit.close();
  }
});

/** The colour that the film shows, and where it is. */
function shown(): { colour: string | undefined; at: number } {
  const video = document.querySelector('video') as HTMLVideoElement;
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  pen.drawImage(video, 0, 0, 1, 1);
  const light = pen.getImageData(0, 0, 1, 1).data.slice(0, 3);
  const most = Math.max(...light);
  const colour = most < 60 ? undefined : ['red', 'green', 'blue'][light.indexOf(most)];
  return { colour, at: video.currentTime };
}
