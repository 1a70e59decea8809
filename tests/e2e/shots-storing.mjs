/** Pictures of the Store page while something is stored, on a local network of their own. */

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('../../src/devnet/served-network.ts').ServedNetwork} ServedNetwork */
/** @typedef {{ name: string, isLong?: boolean, isMore?: boolean, reach(page: Page): Promise<unknown>, leave?(): Promise<void> }} Shot */

const HELD = 'shots';
let count = 0;

/** Changes what the wallet keeps. @param {Page} page @param {Record<string, unknown>} change */
async function setWallet(page, change) {
  await page.evaluate((changed) => {
    const kept = JSON.parse(localStorage.getItem('haulout-dev-wallet') ?? '{}');
    localStorage.setItem('haulout-dev-wallet', JSON.stringify({ ...kept, ...changed }));
  }, change);
}

/** From the empty page to a price. @param {Page} page */
async function openQuote(page) {
  const chooser = page.waitForEvent('filechooser');
  await page.locator('main button').first().click();
  const files = ['crossing.webm', 'beach.jpg', 'notes.pdf'].map((name) => {
    return { name, mimeType: '', buffer: Buffer.alloc(300_000, `${name} ${count++} `) };
  });
  await (await chooser).setFiles(files);
  await page.getByRole('button', { name: 'See the price' }).click();
  await page.getByRole('button', { name: 'Connect a wallet to pay' }).click();
  await page.getByRole('button', { name: 'Development wallet' }).click();
  await page.locator('[data-balance]').waitFor();
}

/** @param {Page} page @param {string} answer */
async function pay(page, answer) {
  await openQuote(page);
  await setWallet(page, { answer });
  await page.getByRole('button', { name: /^Pay / }).click();
}

/** @param {ServedNetwork} local @returns {Shot[]} */
export function storingShots({ network }) {
  /** @param {boolean} isHeld whether nodes sign what they have taken */
  const hold = async (isHeld) => {
    for (const node of network.nodes) {
      const action = /** @type {const} */ ({ type: 'hold', name: HELD });
      await node.setFaults(isHeld ? [{ match: { route: 'confirmation' }, action }] : []);
      if (!isHeld) node.engine.release(HELD);
    }
  };
  /** @param {Page} page */
  const untilSigning = async (page) => {
    await hold(true);
    await pay(page, 'approve');
    await page.locator('[data-swatch=confirming]').waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1_000);
  };
  /** The full node answers nothing, or goes on. @param {boolean} isSilent */
  const silence = async (isSilent) => {
    const { rpc } = network.services;
    const action = /** @type {const} */ ({ type: 'hold', name: HELD, what: 'request' });
    await rpc.setFaults(isSilent ? [{ action }] : []);
    if (!isSilent) rpc.faults.release(HELD);
  };
  /** The place to begin at, from the place of an upload. @param {Page} page */
  const goHome = (page) => page.goto(new URL('./', page.url()).href.replace(/u\/$/, ''));
  /** @param {bigint} factor */
  const setPrices = (factor) =>
    network.epochs.setPrices({ storagePrice: 100_000n * factor, writePrice: 20_000n * factor });
  return [
    { name: 'storing-quote', isMore: true, reach: openQuote },
    {
      name: 'storing-short',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await setPrices(1_000_000n);
        await openQuote(page);
        await page.locator('[data-error=wal-short]').waitFor();
        await setPrices(1n);
      },
    },
    {
      name: 'storing-rejected',
      isLong: true,
      reach: async (page) => {
        await pay(page, 'reject');
        await page.locator('[data-error=wallet-rejected]').waitFor();
      },
    },
    {
      name: 'storing-wallet',
      isMore: true,
      reach: async (page) => {
        await pay(page, 'silent');
        await page.getByRole('button', { name: 'Show the wallet again' }).waitFor();
      },
    },
    {
      name: 'storing-signing',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await untilSigning(page);
        await hold(false);
      },
    },
    {
      name: 'storing-cancel',
      isMore: true,
      reach: async (page) => {
        await untilSigning(page);
        await page.getByRole('button', { name: 'Cancel', exact: true }).click();
        await page.getByRole('dialog').waitFor();
        await page.waitForTimeout(400);
        await hold(false);
      },
    },
    {
      name: 'storing-banner',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await untilSigning(page);
        await goHome(page);
        await page.locator('[data-found]').waitFor();
        await hold(false);
      },
    },
    {
      name: 'storing-cancelling',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await untilSigning(page);
        await silence(true);
        await page.getByRole('button', { name: 'Cancel', exact: true }).click();
        await page.getByRole('button', { name: 'Give the upload up' }).click();
        await page.locator('[data-slow=chain]').waitFor({ timeout: 20_000 });
      },
      leave: async () => {
        await hold(false);
        await silence(false);
      },
    },
    {
      name: 'storing-finished',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        const { rpc } = network.services;
        const path = 'TransactionExecutionService/ExecuteTransaction';
        const action = /** @type {const} */ ({ type: 'hold', name: HELD, what: 'answer' });
        await rpc.setFaults([{ match: { path, times: 1, afterN: 1 }, action }]);
        await pay(page, 'approve');
        while (!rpc.faults.held.includes(HELD)) await page.waitForTimeout(100);
        await goHome(page);
        await silence(false);
        await page.locator('[data-finished]').waitFor({ timeout: 30_000 });
      },
    },
    {
      name: 'storing-half',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await untilSigning(page);
        await silence(true);
        await page.getByRole('button', { name: 'Cancel', exact: true }).click();
        await page.getByRole('button', { name: 'Give the upload up' }).click();
        await page.locator('[data-cancelling]').waitFor();
        await page.waitForTimeout(1_000);
        const engine = page.workers().find((worker) => worker.url().includes('engine.worker'));
        await engine?.evaluate(
          () =>
            void setTimeout(() => {
              throw new Error('shot');
            }),
        );
        await page.getByRole('button', { name: 'Try again' }).waitFor({ timeout: 60_000 });
      },
      leave: async () => {
        await hold(false);
        await silence(false);
      },
    },
    {
      name: 'storing-offline',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await untilSigning(page);
        await page.context().setOffline(true);
        await page.locator('[data-condition=offline]').waitFor();
      },
      leave: () => hold(false),
    },
    {
      name: 'storing-down',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await hold(true);
        await network.nodes
          .at(-1)
          ?.setFaults([{ match: { method: 'PUT' }, action: { type: 'status', status: 400 } }]);
        await pay(page, 'approve');
        await page.locator('[data-swatch=confirming]').waitFor({ timeout: 60_000 });
        await page.getByRole('button', { name: 'as table' }).click();
        await page.waitForTimeout(1_000);
      },
      leave: () => hold(false),
    },
    {
      name: 'storing-quorum',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        for (const node of network.nodes.slice(2)) {
          const action = /** @type {const} */ ({ type: 'status', status: 400 });
          await node.setFaults([{ match: { method: 'PUT' }, action }]);
        }
        await pay(page, 'approve');
        await page.locator('[data-error=quorum-unreached]').waitFor({ timeout: 90_000 });
      },
      leave: () => hold(false),
    },
    {
      name: 'storing-blocked',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await pay(page, 'popup');
        await page.locator('[data-error=wallet-popup-blocked]').waitFor();
      },
    },
    {
      name: 'storing-qr',
      isMore: true,
      reach: async (page) => {
        await pay(page, 'approve');
        await page.locator('[data-done]').waitFor({ timeout: 60_000 });
        await page
          .getByRole('button', { name: /^QR code/ })
          .first()
          .click();
        await page.getByRole('dialog').waitFor();
        await page.waitForTimeout(400);
      },
    },
    {
      name: 'storing-settings',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await page.getByRole('link', { name: 'Settings' }).first().click();
        await page.getByRole('button', { name: 'Save all uploads' }).waitFor();
      },
    },
    {
      name: 'storing-done',
      isMore: true,
      isLong: true,
      reach: async (page) => {
        await pay(page, 'approve');
        await page.locator('[data-done]').waitFor({ timeout: 60_000 });
      },
    },
  ];
}
