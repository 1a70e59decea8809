/** Blobs that pages read with the built library (`dist/lib`), from a local network of another origin. */
import type { Page } from '@playwright/test';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import type { ReadReport } from '../../src/index.ts';
import { libraryFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';
import { test as base, expect } from './fixtures.ts';
import { haveLiars, store } from './open-steps.ts';
import { picture } from './stored.mjs';

const test = base.extend<object, { site: { url: string } }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const server = await serve({ folder: libraryFolder, headers: {} });
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
});
test.use({ isLocal: true, expectedProblems: [/status of 404/] }); // for the page, and its icon
test.describe.configure({ mode: 'serial' });

const SLIVERS = { route: 'sliver', method: 'GET' } as const;
/** of a picture of 43,254 bytes, with 13 shards */
const ROWS = 5;

let local: ServedNetwork;
let blobs: readonly { readonly blobId: string; readonly bytes: Buffer }[];

test.beforeAll(async ({ localNetwork }) => {
  if (localNetwork === undefined) throw new Error('there is no network');
  local = localNetwork;
  const pictures = [picture(21), picture(22)];
  const stored = await store(local, pictures);
  blobs = stored.map(({ blobId }, at) => ({ blobId, bytes: pictures[at] as Buffer }));
});

test.beforeEach(({ page }) => page.goto('./no-file.txt')); // a page without anything of its own

interface Wish {
  readonly blobId: string;
  readonly part?: readonly [begin: number, end: number];
  /** base URL of one that is asked before the nodes */
  readonly aggregator?: string;
  /** whether it is ended as soon as a node has begun to give a sliver */
  readonly isLeft?: boolean;
}

/** Reads on the page with a client that knows nothing yet. */
async function read(page: Page, { blobId, part, aggregator, isLeft = false }: Wish) {
  const network = local.description;
  const { hex, ...read } = await page.evaluate(
    async ({ network, blobId, part, aggregator, isLeft }) => {
      const sources = aggregator === undefined ? [] : [{ aggregator }];
      const address = new URL('./index.js', location.href).href;
      const { createHaulout }: typeof import('../../src/index.ts') = await import(address);
      const client = createHaulout({ network });
      const leave = new AbortController();
      const { signal } = leave;
      if (isLeft) {
        const ask = fetch;
        globalThis.fetch = async (...asked) => {
          const answer = await ask(...asked);
          if (/slivers/.test(String(asked[0]))) setTimeout(() => leave.abort());
          return answer;
        };
      }
      let bytes = new Uint8Array();
      let report: ReadReport | undefined;
      let code = '';
      try {
        if (part !== undefined) {
          bytes = await client.readRange(blobId, ...part, { sources, signal });
        } else {
          const read = await client.readBlob(blobId, { sources, signal });
          bytes = await read.bytes().finally(() => {
            report = read.report;
          });
        }
      } catch (error) {
        code = (error as { code: string }).code;
      }
      return { hex: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')), report, code };
    },
    { network, blobId, part, aggregator, isLeft },
  );
  return { ...read, bytes: Buffer.from(hex.join(''), 'hex') };
}

const blob = (at: number) => blobs[at] as (typeof blobs)[number];

test('whole, in part, and once more without a network', async ({ page, context }) => {
  const { blobId, bytes } = blob(0);
  const part = await read(page, { blobId, part: [9_000, 30_001] });
  expect(part.bytes.equals(bytes.subarray(9_000, 30_001))).toBe(true);
  const whole = await read(page, { blobId });
  expect(whole.bytes.equals(bytes)).toBe(true);
  expect(whole.report).toMatchObject({ failed: [] });
  const again = async () => (await read(page, { blobId })).report?.rows.cache;
  await expect.poll(again).toBe(ROWS); // nobody waits for what is kept
  await context.setOffline(true);
  const before = local.network.fleet.log.next;
  const offline = await read(page, { blobId });
  expect(offline.bytes.equals(bytes)).toBe(true);
  expect(offline.report).toMatchObject({ requests: 0, rows: { cache: ROWS } });
  expect(local.network.fleet.log.next).toBe(before);
});

test('around nodes that lie, and an aggregator that does', async ({ page }) => {
  await haveLiars(local);
  const { blobId, bytes } = blob(1);
  const plain = await read(page, { blobId });
  expect(plain.bytes.equals(bytes)).toBe(true);
  const lies = plain.report?.failed.map(({ reason }) => reason);
  expect(lies).toContain('sliver-mismatch');
  const { aggregatorUrl: aggregator } = local.description;
  const other = await read(page, { blobId: blob(0).blobId, aggregator });
  expect(other.bytes.equals(blob(0).bytes)).toBe(true);
  const failed = { nodeId: new URL(aggregator).host, reason: 'sliver-mismatch' };
  expect(other.report?.failed).toContainEqual(failed);
  await local.admin.days.clear();
});

test('until it is left, in the middle of an answer', async ({ page }) => {
  const slow = { match: SLIVERS, action: { type: 'throttle', down: 2_000 } } as const;
  for (const node of local.network.nodes) await node.setFaults([slow]);
  const { blobId, bytes } = blob(0);
  const left = await read(page, { blobId, isLeft: true });
  expect(left).toMatchObject({ code: 'aborted', bytes: Buffer.from('') });
  await local.admin.days.clear();
  const whole = await read(page, { blobId });
  expect(whole.bytes.equals(bytes)).toBe(true);
});
