import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentSecurityPolicy, hostHeadersFile } from '../../../src/tooling/csp.mjs';
import { serve } from '../../../src/tooling/static-server.mjs';

const home = mkdtempSync(join(tmpdir(), 'haulout-server-'));
const site = join(home, 'site');
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  mkdirSync(join(site, 'assets'), { recursive: true });
  mkdirSync(join(site, 'open'));
  writeFileSync(join(home, 'secret.txt'), 'secret');
  writeFileSync(join(site, 'index.html'), 'index');
  writeFileSync(join(site, '404.html'), 'shell');
  writeFileSync(join(site, 'open/compare.html'), 'compare');
  writeFileSync(join(site, 'assets/kernel.wasm'), 'wasm');
  writeFileSync(join(site, 'assets/app.js'), 'script');
  symlinkSync(join(home, 'secret.txt'), join(site, 'link.txt'));
  server = await serve({ folder: site });
});

afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true });
});

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** Sends the path as it is: `fetch` would tidy it. */
function get(path: string, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        body += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

test.each([
  ['/', 'index', 'text/html; charset=utf-8'],
  ['/?a=b', 'index', 'text/html; charset=utf-8'],
  ['/open/compare', 'compare', 'text/html; charset=utf-8'],
  ['/any/other/place', 'shell', 'text/html; charset=utf-8'],
  ['/b/vldooumlbSRuiUvv54k0MowsF5afG7SVC0b9oXufbzQ?t=9', 'shell', 'text/html; charset=utf-8'],
  ['/assets/app.js', 'script', 'text/javascript; charset=utf-8'],
  ['/assets/kernel.wasm', 'wasm', 'application/wasm'],
])('serves %s as %s', async (path, body, type) => {
  const answer = await get(path);
  expect(answer).toMatchObject({ status: 200, body, headers: { 'content-type': type } });
});

test.each([
  ['/../secret.txt', 400],
  ['/%2e%2e/secret.txt', 400],
  ['/assets/..%2f..%2fsecret.txt', 400],
  ['/..%5csecret.txt', 400],
  ['/%00', 400],
  ['/%', 400],
  ['/link.txt', 404],
  ['/missing.js', 404],
])('keeps %s inside the folder', async (path, status) => {
  const answer = await get(path);
  expect(answer.status).toBe(status);
  expect(answer.body).not.toContain('secret');
});

test('sends the policy and the other headers with every answer', async () => {
  for (const path of ['/', '/assets/app.js', '/missing.js', '/%']) {
    expect((await get(path)).headers).toMatchObject({
      'content-security-policy': contentSecurityPolicy('header'),
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  }
});

test('lets the scripts of workers ask storage nodes, wherever the site lies, and no others', async () => {
  mkdirSync(join(site, 'sub/assets'), { recursive: true });
  const workers = ['sw.js', 'assets/engine.worker-x.js'].flatMap((path) => [path, `sub/${path}`]);
  const others = ['sub/assets/sw.js.js', 'assets/app-engine.worker-x.js', 'xsw.js'];
  for (const path of [...workers, ...others]) {
    writeFileSync(join(site, path), 'script');
    const policy = String((await get(`/${path}`)).headers['content-security-policy']);
    expect(policy.includes("connect-src 'self' https:"), path).toBe(workers.includes(path));
  }
  const emitted = hostHeadersFile();
  for (const path of ['/sw.js', '/assets/engine.worker-*']) {
    expect(emitted).toContain(`\n${path}\n  ! Content-Security-Policy\n`);
  }
});

test('lets only hashed files be kept', async () => {
  expect((await get('/')).headers['cache-control']).toBe('no-cache');
  expect((await get('/assets/app.js')).headers['cache-control']).toContain('immutable');
});

test('answers HEAD without a body and refuses to be written to', async () => {
  expect(await get('/', 'HEAD')).toMatchObject({ status: 200, body: '' });
  expect(await get('/', 'PUT')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

test('takes another port when the wanted one is taken', async () => {
  const port = Number(new URL(server.url).port);
  const second = await serve({ folder: site, port });
  expect(second.url).not.toBe(server.url);
  await second.close();
});

test('the policy of the page is that of the header, without what a page cannot set', () => {
  const header = contentSecurityPolicy('header').split('; ');
  const meta = contentSecurityPolicy('meta').split('; ');
  expect(header).toContain("require-trusted-types-for 'script'");
  expect(header).toContain('trusted-types haulout');
  expect(header.filter((part) => !meta.includes(part))).toEqual(["frame-ancestors 'none'"]);
  expect(contentSecurityPolicy('header')).not.toMatch(/'unsafe-|\*/);
});
