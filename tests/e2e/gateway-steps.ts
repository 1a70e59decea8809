import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { Page } from '@playwright/test';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { buildDevWalletIfChanged } from '../../src/tooling/build-dev-wallet.mjs';
import { loadDevnet } from '../../src/tooling/build-devnet.mjs';
import { libraryFolder, siteFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';
import { test as base, expect } from './fixtures.ts';
import { SOURCES } from './gateway-blobs.ts';

export { expect };

export type Name = keyof typeof SOURCES;

export interface Stored {
  readonly blobId: string;
  readonly objectId: string;
  readonly bytes: Buffer;
}

interface WorkerFixtures {
  readonly localNetwork: ServedNetwork;
  readonly stored: Readonly<Record<Name, Stored>>;
}

interface TestFixtures {
  /** The site once more, in a folder of its own that may be changed, under another path and without headers. */
  readonly elsewhere: { readonly folder: string; readonly root: string };
}

/** On a network of 14 rows to a blob, with blobs of all kinds. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  elsewhere: async ({ localNetwork: { description: network } }, use) => {
    const home = mkdtempSync(join(tmpdir(), 'haulout-gateway-'));
    const folder = join(home, 'sub/path');
    cpSync(siteFolder, folder, { recursive: true });
    writeFileSync(join(folder, 'bare.html'), '<!doctype html><title>bare</title><body>');
    const host = await serve({ folder: home, network, headers: {} });
    await use({ folder, root: `${host.url}sub/path/` });
    await host.close();
    rmSync(home, { recursive: true });
  },
  localNetwork: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      await buildDevWalletIfChanged();
      const { startFrom } = await loadDevnet();
      const words = [
        ...['--nodes', '4', '--shards', '40'],
        ...['--port', '0', '--data', 'none', '--lag', '50'],
      ];
      const started = await startFrom(words);
      if (typeof started === 'string') throw new Error(started);
      await use(started);
      await started.close();
    },
    { scope: 'worker' },
  ],
  stored: [
    async ({ localNetwork }, use) => use(await store(localNetwork)),
    { scope: 'worker', timeout: 120_000 },
  ],
});

/** Stores all with the built library, as a program would. */
async function store({ description }: ServedNetwork): Promise<WorkerFixtures['stored']> {
  const { createHaulout, keypairWallet }: typeof import('../../src/index.ts') = await import(
    join(libraryFolder, 'index.js')
  );
  const [account] = description.accounts;
  const wallet = keypairWallet(Ed25519Keypair.fromSecretKey(account?.secretKey ?? ''));
  const client = createHaulout({ network: description, wallet });
  const entries = Object.entries(SOURCES);
  const attributes = entries.map(([name]) =>
    name === 'picture'
      ? { 'content-type': 'image/bmp', 'content-disposition': 'inline; filename="../walrus.bmp"' }
      : { 'content-type': 'text/html' },
  );
  const files = entries.map(([, bytes]) => new Blob([Uint8Array.from(bytes)]));
  const terms = { epochs: 3, deletable: false, path: 'direct', attributes } as const;
  const result = await client.store(await client.quote(files, terms)).result();
  return Object.fromEntries(
    result.map(({ blobId, blobObjectId = '' }, at) => {
      const [name, bytes] = entries[at] as [Name, Buffer];
      return [name, { blobId, objectId: blobObjectId, bytes }];
    }),
  ) as WorkerFixtures['stored'];
}

/** Opens a page of the site and waits until the service worker answers for it. */
export async function openWithWorker(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.evaluate(async () => {
    const { serviceWorker } = navigator;
    if (serviceWorker.controller !== null) return;
    await new Promise((resolve) =>
      serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    );
  });
}

/** Ends the service worker, as a browser does whenever it likes. */
export async function stopWorkers(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the service worker asks of anybody from now on. */
export function listenToWorker(page: Page): readonly string[] {
  const asked: string[] = [];
  page.context().on('request', (request) => {
    if (request.serviceWorker() !== null) asked.push(request.url());
  });
  return asked;
}

/** Reads a blob with `fetch`, lets `pause` happen in between, and goes on where it broke off, if it did. */
export async function readWithPause(
  page: Page,
  path: string,
  pause: () => Promise<void>,
): Promise<{ readonly hash: string; readonly before: number; readonly brokeAt: number }> {
  await page.evaluate(async (path) => {
    const { body } = await fetch(path);
    const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
    const { value } = await reader.read();
    Object.assign(window, { reading: { reader, parts: [value] } });
  }, path);
  await pause();
  return page.evaluate(async (path) => {
    const { reader, parts } = Reflect.get(window, 'reading') as {
      reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
      parts: Uint8Array<ArrayBuffer>[];
    };
    const before = parts[0]?.length ?? 0;
    try {
      for (let one = await reader.read(); !one.done; one = await reader.read())
        parts.push(one.value);
    } catch {
      // goes on below
    }
    const brokeAt = parts.reduce((sum, part) => sum + part.length, 0);
    const rest = await fetch(path, { headers: { range: `bytes=${brokeAt}-` } });
    const tail = rest.status === 206 ? [await rest.blob()] : [];
    const all = await new Blob([...parts, ...tail]).arrayBuffer();
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
    const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return { hash: hex, before, brokeAt };
  }, path);
}

/** What `fetch` gives on a page. */
export async function fetchOn(
  page: Page,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  const { body, ...answer } = await page.evaluate(
    async ([path, headers, method]) => {
      const response = await fetch(path, { headers, method });
      const bytes = await response.blob();
      const read = new FileReader();
      read.readAsDataURL(bytes);
      await new Promise((resolve) => {
        read.onload = resolve;
      });
      const { status } = response;
      return { status, headers: Object.fromEntries(response.headers), body: String(read.result) };
    },
    [path, headers, method] as const,
  );
  return { ...answer, body: Buffer.from(body.split(',')[1] ?? '', 'base64') };
}
