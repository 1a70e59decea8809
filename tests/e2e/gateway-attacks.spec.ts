import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, openWithWorker, test } from './gateway-steps.ts';

test.use({
  serviceWorkers: 'allow',
  expectedProblems: [/./], // attacks fail loudly, on a host that the usual tests do not know
});
test.describe.configure({ mode: 'default', timeout: 120_000 });

/** All ways in which a page may load an address, and whether anything of it ran: pages hear from what runs. */
async function attack(page: Page, urls: readonly string[]): Promise<number> {
  return page.evaluate(async (urls) => {
    let ran = 0;
    const channel = new BroadcastChannel('ran');
    channel.onmessage = () => ran++;
    addEventListener('message', ({ data }) => data === 'ran' && ran++);
    const ended = (target: EventTarget) =>
      new Promise((resolve) => {
        for (const name of ['load', 'error', 'message']) target.addEventListener(name, resolve);
        setTimeout(resolve, 700);
      });
    const element = (name: string, values: Record<string, string>) => {
      const made = document.createElement(name);
      for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
      document.body.append(made);
      return ended(made);
    };
    const script = (text: string) =>
      URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const ways: ((url: string) => Promise<unknown> | unknown)[] = [
      (src) => element('script', { src }),
      (src) => element('script', { src, type: 'module' }),
      (url) => import(/* @vite-ignore */ url),
      (url) => ended(new Worker(url)),
      (url) => ended(new Worker(url, { type: 'module' })),
      (url) => ended(new SharedWorker(url)),
      (url) => ended(new Worker(script(`importScripts(${JSON.stringify(url)})`))),
      (url) => ended(new Worker(script(`import ${JSON.stringify(url)}`), { type: 'module' })),
      (url) => navigator.serviceWorker.register(url, { scope: `${url.replace(/\?.*/, '')}/` }),
      (url) => new OfflineAudioContext(1, 1, 8_000).audioWorklet.addModule(url),
      (href) => element('link', { rel: 'stylesheet', href }),
      (href) => element('link', { rel: 'modulepreload', href }),
      (src) => element('iframe', { src }),
      (src) => element('embed', { src }),
      (data) => element('object', { data }),
      (src) => element('img', { src }),
      async (url) => {
        const opened = open(url);
        await new Promise((resolve) => setTimeout(resolve, 700));
        opened?.close();
      },
    ];
    const tries = urls.flatMap((url) => ways.map(async (way) => way(url)));
    await Promise.allSettled(tries);
    channel.close();
    return ran;
  }, urls);
}

test('nothing of a blob runs, however it is loaded, also under another path and without headers of the host', async ({
  page,
  stored,
  elsewhere: { folder, root },
}) => {
  writeFileSync(join(folder, 'own.js'), stored.script.bytes);
  await openWithWorker(page, root);
  await page.goto(`${root}bare.html`);
  const claims = ['', '?type=text/javascript', '?type=image/svg%2Bxml'];
  const urls = (['script', 'html', 'svg'] as const).flatMap((name) =>
    claims.map((claim) => `${root}v1/blobs/${stored[name].blobId}${claim}`),
  );
  expect(await attack(page, urls)).toBe(0);
  expect(await attack(page, [`${root}own.js`])).toBeGreaterThan(1); // what is a script does
});

test('to the pages of the app a blob is no script by their own policy, under any path of any host', async ({
  page,
  stored,
  elsewhere: { folder, root },
}) => {
  writeFileSync(join(folder, 'own.js'), 'globalThis.ran = true;');
  const tries = [`${root}v1/blobs/${stored.script.blobId}`, `${root}own.js`];
  const attempt = () =>
    page.evaluate(async (urls) => {
      const refused: string[] = [];
      const note = ({ blockedURI }: SecurityPolicyViolationEvent) => refused.push(blockedURI);
      document.addEventListener('securitypolicyviolation', note);
      for (const url of urls) await import(/* @vite-ignore */ url).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100)); // they are told later
      return { refused, ran: Reflect.get(globalThis, 'ran') === true };
    }, tries);
  for (const place of ['', '#/settings', `#/b/${stored.picture.blobId}`]) {
    await page.goto('about:blank');
    await openWithWorker(page, root + place);
    expect(await attempt()).toEqual({ refused: tries, ran: false });
  }
  await page.goto(`${root}bare.html`); // which has no policy
  expect(await attempt()).toEqual({ refused: [], ran: true });
});
