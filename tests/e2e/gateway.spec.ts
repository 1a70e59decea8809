import type { Page } from '@playwright/test';
import type { FromGateway } from '../../src/flows/read/gateway-talk.ts';
import { sha256 } from '../../src/tooling/file-list.mjs';
import { addressOf } from '../../src/transfer/read/holders.ts';
import type { RowNews } from '../../src/transfer/read/read-types.ts';
import { colorAt } from '../support/webm.ts';
import { VIDEO } from './gateway-blobs.ts';
import {
  type Answer,
  expect,
  fetchOn,
  listenToWorker,
  openWithWorker,
  readWithPause,
  stopWorkers,
  test,
} from './gateway-steps.ts';

test.use({
  serviceWorkers: 'allow',
  // The second is what Firefox writes when a player leaves an answer in the middle.
  expectedProblems: [
    /Failed to load resource|A ServiceWorker intercepted the request and encountered an unexpected error/,
  ],
});
test.describe.configure({ mode: 'default', timeout: 120_000 });

const ISOLATED = {
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  'cross-origin-resource-policy': 'same-origin',
};

/** Puts a video on the page and waits until it shows its first picture. */
async function play(page: Page, path: string): Promise<number> {
  return page.evaluate(async (src) => {
    const video = document.createElement('video');
    Object.assign(video, { src, preload: 'metadata', muted: true, id: 'gateway' });
    document.body.append(video);
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
    });
    return video.duration;
  }, path);
}

/** Has a page remember which rows of blobs it is told of. */
async function collectRows(page: Page): Promise<void> {
  await page.evaluate(() => {
    const heard: FromGateway[] = [];
    navigator.serviceWorker.addEventListener('message', ({ data }) => heard.push(data));
    Object.assign(window, { heard });
  });
}

/** The rows of a blob that it was told of, the last news of each. */
async function rowsHeard(page: Page, blobId: string): Promise<readonly RowNews[]> {
  const heard = await page.evaluate(() => Reflect.get(window, 'heard') as FromGateway[]);
  const rows = heard.flatMap((said) =>
    said.kind === 'rows' && said.blobId === blobId ? said.rows : [],
  );
  return [...new Map(rows.map((row) => [row.index, row])).values()];
}

/** Seeks, and tells the colour that is shown there. */
function seek(page: Page, seconds: number): Promise<string> {
  return page.evaluate(async (at) => {
    const video = document.querySelector('video#gateway') as HTMLVideoElement;
    await new Promise((resolve, reject) => {
      video.onseeked = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
      video.currentTime = at;
    });
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
    pen.drawImage(video, 0, 0);
    const rgb = [...pen.getImageData(20, 10, 1, 1).data.slice(0, 3)];
    return ['red', 'green', 'blue'][rgb.indexOf(Math.max(...rgb))] ?? '';
  }, seconds);
}

test('blobs are shown, played, read in parts and saved, verified', async ({
  page,
  site,
  stored,
  localNetwork,
  browserName,
}) => {
  const isChromium = browserName === 'chromium'; // whose protocol tells of workers, and stops them
  await openWithWorker(page, site.url);
  const path = (name: keyof typeof stored, more = '') => `/v1/blobs/${stored[name].blobId}${more}`;

  await test.step('a picture and a tone', async () => {
    const found = await page.evaluate(
      async ([picture, tone]) => {
        const image = new Image();
        image.src = picture;
        await image.decode();
        const audio = new Audio(tone);
        await new Promise((resolve, reject) => {
          audio.onloadedmetadata = resolve;
          audio.onerror = () => reject(new Error(audio.error?.message));
          audio.load();
        });
        return { width: image.naturalWidth, seconds: audio.duration };
      },
      [path('picture'), path('tone')] as const,
    );
    expect(found).toEqual({ width: 8, seconds: 1 });
  });

  await test.step('all forms of ranges', async () => {
    const { bytes, blobId } = stored.data;
    const etag = `"${blobId}"`;
    const whole = await fetchOn(page, path('data'));
    expect(whole).toMatchObject({
      status: 200,
      headers: {
        ...ISOLATED,
        etag,
        'accept-ranges': 'bytes',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-disposition': 'attachment',
        'content-length': `${bytes.length}`,
        'content-type': 'application/octet-stream',
      },
    });
    expect(whole.body.equals(bytes)).toBe(true);
    const last = bytes.length - 1;
    const part = async (range: string, begin: number, end: number, more = {}) => {
      const answer = await fetchOn(page, path('data'), { range, ...more });
      const expected = { 'content-range': `bytes ${begin}-${end}/${bytes.length}`, ...ISOLATED };
      expect(answer, range).toMatchObject({ status: 206, headers: expected });
      expect(answer.body.equals(bytes.subarray(begin, end + 1)), range).toBe(true);
    };
    await part('bytes=0-0', 0, 0);
    await part('bytes=2990-40000', 2_990, 40_000);
    await part('bytes=99000-', 99_000, last);
    await part('bytes=-17', last - 16, last);
    await part('bytes=100000-999999999', 100_000, last);
    await part('bytes=5-9', 5, 9, { 'if-range': etag });
    for (const headers of [{ range: 'bytes=5-9', 'if-range': '"x"' }, { range: 'bytes=0-1,5-6' }]) {
      const answer = await fetchOn(page, path('data'), headers as Record<string, string>);
      expect(answer.status).toBe(200);
      expect(answer.body.equals(bytes)).toBe(true);
    }
    const beyond = await fetchOn(page, path('data'), { range: `bytes=${bytes.length}-` });
    expect(beyond).toMatchObject({
      status: 416,
      headers: { 'content-range': `bytes */${bytes.length}`, ...ISOLATED },
    });
    const head = await fetchOn(page, path('data'), {}, 'HEAD');
    expect(head).toMatchObject({
      status: 200,
      headers: { 'content-length': `${bytes.length}`, ...ISOLATED },
    });
    expect(head.body.length).toBe(0);
    const same = await fetchOn(page, path('data'), { 'if-none-match': etag });
    expect(same).toMatchObject({ status: 304, headers: ISOLATED });
  });

  await test.step('names, types and what is not to be had', async () => {
    const refused = (answer: Answer) => [answer.status, answer.headers['haulout-error']];
    expect(refused(await fetchOn(page, `/v1/blobs/${'A'.repeat(43)}`))).toEqual([
      404,
      'blob-unknown',
    ]);
    expect(refused(await fetchOn(page, '/v1/blobs/x'))).toEqual([404, 'refused-address']);
    expect(refused(await fetchOn(page, path('data'), {}, 'POST'))).toEqual([405, 'refused-method']);
    const { headers } = await fetchOn(page, path('picture', '?dl=%E2%82%AC.bmp'));
    expect(headers['content-disposition']).toBe(
      `attachment; filename="_.bmp"; filename*=UTF-8''%E2%82%AC.bmp`,
    );
    const object = (name: keyof typeof stored) =>
      fetchOn(page, `/v1/blobs/by-object-id/${stored[name].objectId}`);
    const named = await object('picture');
    expect(named.body.equals(stored.picture.bytes)).toBe(true);
    expect(named.headers).toMatchObject({
      'content-type': 'image/bmp',
      'content-disposition': 'inline; filename="_walrus.bmp"',
      'cache-control': 'no-cache',
    });
    const { headers: lied } = await object('html');
    expect(lied).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
    });
    const saving = page.waitForEvent('download');
    await page.evaluate(
      (href) => Object.assign(document.createElement('a'), { href }).click(),
      path('html', '?dl=a.txt'),
    );
    expect((await saving).suggestedFilename()).toBe('a.txt');
  });

  await test.step('a video seeks over a node and an aggregator that lie', async () => {
    const { network } = localNetwork;
    const lie = { match: { route: 'sliver' }, action: { type: 'corrupt', where: 'data' } } as const;
    const first = addressOf({ blobId: stored.video.blobId, shardCount: 40 }, 'primary', 0);
    const liar = network.nodes[Math.floor(first.shard / 10)];
    await liar?.setFaults([lie]);
    await network.services.aggregator.setFaults([{ action: { type: 'otherBlob' } }]);
    await collectRows(page);
    const asked = listenToWorker(page);
    expect(await play(page, path('video'))).toBe(VIDEO.seconds);
    for (const at of [201.3, 10.3, 195.3]) expect(await seek(page, at)).toBe(colorAt(at));
    const wrong = async () =>
      (await rowsHeard(page, stored.video.blobId)).flatMap(({ wrongFrom }) => wrongFrom);
    if (isChromium) await expect.poll(wrong).toContain(liar?.identity.nodeId);
    // Each part is fetched when it is played, or soon after it.
    const parts = asked.flatMap((url) => /slivers\/(\d+)\/primary$/.exec(url)?.slice(1) ?? []);
    expect(new Set(parts).size).toBeLessThan(11);
    await liar?.setFaults([]);
    await network.services.aggregator.setFaults([]);
  });

  await test.step('a worker that is stopped is started again, also in mid-stream', async () => {
    if (isChromium) await stopWorkers(page);
    expect(await seek(page, 20.3)).toBe(colorAt(20.3));
    const read = await readWithPause(page, path('video'), async () => {
      if (isChromium) await stopWorkers(page);
    });
    expect(read.hash).toBe(sha256(stored.video.bytes));
    if (isChromium) expect(read.brokeAt).toBeLessThan(stored.video.bytes.length);
  });

  await test.step('a page that is loaded past the worker gets it back', async () => {
    if (!isChromium) return;
    await page.addInitScript(() => {
      Object.assign(window, { hadWorker: navigator.serviceWorker.controller !== null });
    });
    const session = await page.context().newCDPSession(page);
    const isLoaded = page.waitForEvent('load');
    await session.send('Page.reload', { ignoreCache: true });
    await isLoaded;
    await session.detach();
    expect(await page.evaluate(() => Reflect.get(window, 'hadWorker'))).toBe(false);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller)).not.toBeNull();
  });

  await test.step('what was read is there for all tabs, without asking anybody', async () => {
    if (isChromium) await stopWorkers(page);
    const asked = listenToWorker(page);
    const other = await page.context().newPage();
    await openWithWorker(other, site.url);
    await collectRows(other);
    await fetchOn(page, path('data'), { range: 'bytes=0-99' });
    await fetchOn(other, path('data'), { range: 'bytes=-1' });
    const heard = async () =>
      (await rowsHeard(other, stored.data.blobId)).map(({ index }) => index);
    await expect.poll(heard).toEqual([13]); // what it has asked for itself
    const both = await Promise.all([page, other].map((each) => fetchOn(each, path('data'))));
    for (const { status, headers, body } of both) {
      expect({ status, headers }).toMatchObject({ status: 200, headers: ISOLATED });
      expect(body.equals(stored.data.bytes)).toBe(true);
    }
    const { host } = new URL(site.url);
    expect(asked.filter((url) => new URL(url).host !== host)).toEqual([]);
    await other.close();
  });
});
