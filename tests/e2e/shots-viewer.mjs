/** Pictures of short links and of the Open place, on a local network. */
import { picture, storeFiles } from './stored.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('../../src/devnet/served-network.ts').ServedNetwork} ServedNetwork */
/** @typedef {{ name: string, isLong?: boolean, isMore?: boolean, reach(page: Page): Promise<unknown> }} Shot */

const UNKNOWN = 'vldooumlbSRuiUvv54k0MowsF5afG7SVC0b9oXufbzQ';

/** @param {ServedNetwork} local @returns {Promise<Shot[]>} */
export async function viewerShots(local) {
  const { network } = local;
  const text = Buffer.from('A long letter, of many lines.\n'.repeat(400));
  const files = [picture(3, 640), text, Buffer.alloc(90_000, 0xab)];
  const stored = await storeFiles(local, files);
  const [shown, letter, plain] = stored.map(({ blobId }) => blobId);
  const receipt = stored[0]?.receipt ?? '';

  /** @param {Page} page @param {string} place */
  const go = (page, place) => page.goto(new URL(place, page.url()).href);
  /** @param {Page} page @param {string | undefined} id */
  const open = async (page, id) => {
    await go(page, `b/${id}`);
    await page.locator('[data-shown]').waitFor({ timeout: 30_000 });
    await page.locator('[data-until]').waitFor();
    await page.locator('[data-checks]').waitFor();
    await page.waitForTimeout(300);
  };
  /** @param {Page} page @param {string} json */
  const check = async (page, json) => {
    await go(page, 'open/receipt');
    await page.locator('textarea').fill(json);
    await page.getByRole('button', { name: 'Check', exact: true }).click();
  };
  return [
    { name: 'viewer-picture', isLong: true, isMore: true, reach: (page) => open(page, shown) },
    {
      name: 'viewer-lying',
      isLong: true,
      reach: async (page) => {
        const match = /** @type {const} */ ({ route: 'sliver', method: 'GET' });
        await network.nodes[0]?.setFaults([{ match, action: { type: 'corrupt', where: 'data' } }]);
        await network.services.aggregator.setFaults([{ action: { type: 'corrupt' } }]);
        await open(page, shown);
        await page.getByRole('button', { name: 'Ask 20 random shares' }).click();
        await page.locator('[data-audit=done]').waitFor();
        await local.admin.days.clear();
      },
    },
    {
      name: 'viewer-audit',
      isLong: true,
      reach: async (page) => {
        await open(page, shown);
        await page.getByRole('button', { name: 'Ask 20 random shares' }).click();
        await page.locator('[data-audit=done]').waitFor();
        await page.getByRole('button', { name: 'Check fully' }).click();
        await page.locator('[data-strict=done]').waitFor();
      },
    },
    { name: 'viewer-text', isLong: true, reach: (page) => open(page, letter) },
    { name: 'viewer-file', reach: (page) => open(page, plain) },
    {
      name: 'viewer-missing',
      reach: async (page) => {
        await go(page, `b/${UNKNOWN}`);
        await page.locator('[data-missing]').waitFor({ timeout: 30_000 });
      },
    },
    {
      name: 'open-empty',
      isMore: true,
      reach: async (page) => {
        await go(page, 'open');
        await page.locator('main input').waitFor();
      },
    },
    {
      name: 'open-opened',
      isLong: true,
      reach: async (page) => {
        await go(page, `open/${shown}`);
        await page.locator('[data-until]').waitFor({ timeout: 30_000 });
        await page.waitForTimeout(300);
      },
    },
    {
      name: 'open-receipt',
      isLong: true,
      reach: async (page) => {
        await check(page, receipt);
        await page.locator('[data-on-chain=answered]').waitFor({ timeout: 30_000 });
      },
    },
    {
      name: 'open-receipt-altered',
      isLong: true,
      reach: async (page) => {
        await check(page, receipt.replace(/"unencodedBytes": \d+/, '"unencodedBytes": 7'));
        await page.locator('[data-error=receipt-altered]').waitFor({ timeout: 30_000 });
      },
    },
  ];
}
