/** The built library (`dist/lib`), used as a stranger would: from plain Node, and by pages of its own and of another origin. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test as base, expect } from '@playwright/test';
import { libraryFolder, programs, siteFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';

/** 100,000 bytes of a simple pattern, and their blob ID by the official encoder. */
const length = 100_000;

interface Fixtures {
  expected: string;
  library: { url: string };
}

const test = base.extend<object, Fixtures>({
  expected: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const { BlobEncoder } = await import('@mysten/walrus-wasm');
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 7) % 251);
      const [id] = new BlobEncoder(1000).compute_metadata(bytes);
      await use(Buffer.from(id).toString('base64url'));
    },
    { scope: 'worker' },
  ],
  library: [
    // biome-ignore lint/correctness/noEmptyPattern: see above
    async ({}, use) => {
      const headers = { 'Access-Control-Allow-Origin': '*' };
      const server = await serve({ folder: libraryFolder, headers });
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
});

/** Runs in a page: the blob ID by the library at this address, and how many workers it started. */
async function idOnPage({ url, bytes }: { url: string; bytes: number }) {
  let workers = 0;
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      workers += 1;
    }
  };
  const library = await import(url);
  const source = new Blob([Uint8Array.from({ length: bytes }, (_, at) => (at * 7) % 251)]);
  const { blobId } = await library.computeBlobId(source, { shardCount: 1000 });
  return { blobId, usesWorkers: workers > 0 };
}

test('runs in Node without a build step', ({ expected }) => {
  const program = `
    import { computeBlobId, decodeBlob, encodeBlob } from ${JSON.stringify(pathToFileURL(join(libraryFolder, 'index.js')).href)};
    const bytes = Uint8Array.from({ length: ${length} }, (_, at) => (at * 7) % 251);
    const { blobId } = await computeBlobId(bytes, { shardCount: 1000 });
    const small = await encodeBlob(bytes, { shardCount: 10 });
    const slivers = small.secondarySlivers.slice(0, 7);
    const back = await decodeBlob({ ...small, axis: 'secondary', slivers });
    console.log(blobId + (Buffer.from(back).equals(Buffer.from(bytes)) ? ' same' : ' other'));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    cwd: tmpdir(),
    timeout: 60_000,
  });
  expect(output).toBe(`${expected} same\n`);
});

test('runs in workers on a page of its own origin', async ({ page, library, expected }) => {
  await page.goto(`${library.url}no-file.txt`);
  const result = await page.evaluate(idOnPage, { url: `${library.url}index.js`, bytes: length });
  expect(result).toEqual({ blobId: expected, usesWorkers: true });
});

test('runs in workers on a page of another origin', async ({ page, library, expected }) => {
  const stranger = await serve({ folder: siteFolder, headers: {} });
  await page.goto(`${stranger.url}files.json`);
  const result = await page.evaluate(idOnPage, { url: `${library.url}index.js`, bytes: length });
  expect(result).toEqual({ blobId: expected, usesWorkers: true });
  await stranger.close();
});

test('has types that hold without any package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haulout-types-'));
  const library = JSON.stringify(join(libraryFolder, 'index.js'));
  const user = join(folder, 'user.mts');
  const compile = (text: string) => {
    writeFileSync(user, text);
    const words = ['--noEmit', '--strict', '--module', 'nodenext', '--lib', 'es2023,dom', user];
    execFileSync(process.execPath, [programs.tsc, ...words], { cwd: folder, encoding: 'utf8' });
  };
  const good = `
    import { computeBlobId, HauloutError, type BlobSummary } from ${library};
    const summary: BlobSummary = await computeBlobId(new Uint8Array(3), { shardCount: 1000 });
    export const id: string = summary.blobId;
    export const isOurs = (error: unknown) => error instanceof HauloutError && error.code;
  `;
  compile(good);
  expect(() => compile(good.replace('const id: string', 'const id: number'))).toThrow();
  rmSync(folder, { recursive: true });
});
