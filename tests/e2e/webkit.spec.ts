import { sha256 } from '../../src/tooling/file-list.mjs';
import { hasWebKit, WebKit } from '../support/webkit.ts';
import { colorAt } from '../support/webm.ts';
import { expect, test, VIDEO } from './gateway-steps.ts';

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

    await test.step('a film, which seeks', async () => {
      await open('video');
      const film = () =>
        webkit.run(() => {
          const video = document.querySelector('video');
          const way = video?.closest('[data-way]')?.getAttribute('data-way');
          return video && { way, seconds: video.duration, isHere: video.readyState >= 2 };
        });
      const expected = { way: 'gateway', seconds: VIDEO.seconds, isHere: true };
      await expect.poll(film, { timeout: 60_000 }).toEqual(expected);
      for (const at of [201.3, 10.3, 195.3]) {
        const color = webkit.run(async (seconds) => {
          const video = document.querySelector('video') as HTMLVideoElement;
          await new Promise((resolve, reject) => {
            video.onseeked = resolve;
            video.onerror = () => reject(new Error(video.error?.message));
            video.currentTime = seconds;
          });
          const pen = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
          pen.drawImage(video, 0, 0);
          const rgb = [...pen.getImageData(20, 10, 1, 1).data.slice(0, 3)];
          return ['red', 'green', 'blue'][rgb.indexOf(Math.max(...rgb))];
        }, at);
        expect(await color).toBe(colorAt(at));
      }
    });

    await test.step('bytes, and what is said of them', async () => {
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

    await test.step('a script that is a blob does not run', async () => {
      const ran = await webkit.run(
        (src) =>
          new Promise((resolve) => {
            const script = Object.assign(document.createElement('script'), { src });
            script.onload = () => resolve(Reflect.get(window, 'ran') ?? 'loaded');
            script.onerror = () => resolve('refused');
            document.body.append(script);
          }),
        `/v1/blobs/${stored.script.blobId}`,
      );
      expect(ran).toBe('refused');
    });
  } finally {
    await webkit.close();
  }
});
