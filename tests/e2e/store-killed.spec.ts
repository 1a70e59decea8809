import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { BrowserContext, Page } from '@playwright/test';
import type { KeptState } from '../../src/dev-wallet/kept-state.ts';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { openWithWallet } from './dev-wallet.ts';
import { test as base, expect } from './fixtures.ts';
import { Killable } from './killable.ts';
import { auditOf } from './ledger.ts';
import { dropMany, useFileInputs as pickByInput } from './page-files.ts';
import {
  afterSlivers,
  atConfirmation,
  atExecution,
  atFirstPut,
  atRelayAnswer,
  beforeCertificate,
  beforeKeyEnds,
  both,
  type HoldPoint,
  letAllGo,
  takenSlivers,
} from './store-holds.ts';
import {
  ANSWER,
  askPrice,
  choose,
  expectDone,
  expectReadable,
  payButton,
  photo,
  setWallet,
  walletButton,
} from './store-steps.ts';

/** The browser is killed with all its processes; another one on the same profile ends the upload. */
const test = base.extend<{ lives: Lives }>({
  lives: async ({ site, watch, localNetwork }, use) => {
    if (localNetwork === undefined) throw new Error('there is no network');
    const lives = new Lives(localNetwork, new Killable(site.url), watch);
    await use(lives);
    await lives.browser.end();
    await letAllGo(localNetwork);
  },
  watched: ({ site: _ }, use) => use(undefined), // each life is watched for itself
});

test.use({ isLocal: true });
test.describe.configure({ timeout: 120_000 });
test.skip(({ browserName }) => browserName !== 'chromium', 'it is Chromium that is killed');

const SOAK = process.env['HAULOUT_SOAK'] === '1';

/** Browsers of one person, one after the other. */
class Lives {
  readonly network: ServedNetwork;
  readonly browser: Killable;
  wallet: Partial<KeptState> & { readonly secrets: readonly string[] };
  readonly payer: string;
  /** how often the wallet was asked, in all lives that are over */
  asked = 0;
  readonly #watch: (context: BrowserContext) => Promise<void>;
  readonly #begin: number;

  constructor(
    network: ServedNetwork,
    browser: Killable,
    watch: (context: BrowserContext) => Promise<void>,
  ) {
    this.network = network;
    this.browser = browser;
    this.#watch = watch;
    this.#begin = network.network.fleet.log.next;
    const keys = [new Ed25519Keypair(), new Ed25519Keypair()] as const;
    this.payer = keys[0].toSuiAddress();
    this.wallet = { answer: 'approve', secrets: keys.map((key) => key.getSecretKey()) };
  }

  /** One life: it is killed when `act` has ended, wherever the page is then. */
  async live(act: (page: Page) => Promise<void>): Promise<void> {
    const context = await this.browser.open();
    await this.#watch(context);
    const [page] = context.pages();
    if (page === undefined) throw new Error('the browser has no window');
    await pickByInput(page);
    await openWithWallet(page, this.wallet);
    await expect(walletButton(page)).toBeVisible();
    // What the page before has counted may not have reached the disk.
    const before = await requestsOf(page);
    await act(page);
    this.asked += (await requestsOf(page)) - before;
    await this.browser.kill();
    await letAllGo(this.network);
  }

  /** Fails unless the payer has one blob for one payment, and nothing is left behind. */
  expectPaidOnce(prompts: number): void {
    const audit = auditOf(this.network, this.payer);
    expect(audit).toEqual({ payments: 1, leftAtHolders: [], blobs: 1 });
    expect(this.asked).toBe(prompts);
  }

  /** Fails if a node was sent again what it has. */
  expectSentOnce(): void {
    const taken = takenSlivers(this.network, this.#begin);
    const again = taken.filter((sliver, at) => taken.indexOf(sliver) !== at);
    expect(again).toEqual([]);
  }
}

/** Times that the wallet was asked, as far as the page's profile knows. */
async function requestsOf(page: Page): Promise<number> {
  return Number(await walletButton(page).getAttribute('data-requests'));
}

/**
 * Goes on with what was found. A browser that was killed right after the payment may not have copied the bytes yet, and
 * asks for them.
 */
async function goOn(page: Page, file: string, bytes?: number): Promise<void> {
  const found = page.locator('[data-found]');
  const button = found.getByRole('button', { name: /^(Continue|Choose the files again)$/ });
  await expect(button).toBeEnabled({ timeout: 20_000 });
  if ((await button.textContent()) === 'Continue') return button.click();
  const chooser = page.waitForEvent('filechooser');
  await button.click();
  const buffer = photo(file, bytes);
  await (await chooser).setFiles([{ name: file, mimeType: 'image/jpeg', buffer }]);
}

/** Of what has ended by itself. */
async function seeLinks(page: Page): Promise<void> {
  const finished = page.locator('[data-finished]');
  await finished.getByRole('button', { name: 'See the links' }).click({ timeout: 20_000 });
}

interface Scene {
  /** a browser for each, and one more that ends the upload */
  readonly kills: readonly HoldPoint[];
  readonly twist?: KeptState['twist'];
  /** what was signed is all that is missing: to open the page is enough */
  readonly endsByItself?: boolean;
  /** so many make a relay the faster way */
  readonly bytes?: number;
  /** happens after the last kill */
  meanwhile?(network: ServedNetwork): Promise<unknown>;
}

const endEpoch = ({ network }: ServedNetwork) => network.epochs.advance();
const paid = atExecution(0, 'answer');
const certified = atExecution(1, 'request');

const OFTEN = 'K6 and K8, the answer to the payment is lost, and then half of the slivers are sent';
const SCENES: Readonly<Record<string, Scene>> = {
  [OFTEN]: { kills: [both(atFirstPut, paid), afterSlivers(2)] },
  'K4, the wallet has sent it, and the page does not know': { kills: [paid], twist: 'execute' },
  'K5, the payment is signed and not sent': { kills: [atExecution(0, 'request')] },
  'K7, nothing is with the nodes yet': { kills: [atFirstPut] },
  'K8, a tenth of the slivers are sent': { kills: [afterSlivers(1)] },
  'K8, nearly all slivers are sent': { kills: [afterSlivers(5)] },
  'K9, confirmations are on their way': { kills: [atConfirmation] },
  'K10, there is a certificate and no transaction': { kills: [beforeCertificate] },
  'K11, the certificate is signed and not sent': { kills: [certified], endsByItself: true },
  'K12, the certificate is executed and the answer lost': {
    kills: [atExecution(1, 'answer')],
    endsByItself: true,
  },
  'K14, the relay has sent it all and its answer is lost': { kills: [atRelayAnswer], bytes: 12e6 },
  'K15, at K7, and the epoch ends': { kills: [atFirstPut], meanwhile: endEpoch },
  'K15, at K8, and the epoch ends': { kills: [afterSlivers(2)], meanwhile: endEpoch },
  'K15, at K9, and the epoch ends': { kills: [atConfirmation], meanwhile: endEpoch },
  'K15, at K11, and the epoch ends': { kills: [certified], meanwhile: endEpoch },
  'K16, again and again': {
    kills: [both(atFirstPut, paid), atFirstPut, afterSlivers(2), atConfirmation, beforeCertificate],
  },
};

for (const [name, scene] of Object.entries(SCENES)) {
  if (!SOAK && name !== OFTEN) continue;
  test(`killed at ${name}: the next browser ends it, paid once`, async ({ lives }) => {
    const { network } = lives;
    const { kills, meanwhile, twist = 'none', endsByItself = false, bytes } = scene;
    const file = `${name}.jpg`;
    lives.wallet = { ...lives.wallet, twist };
    for (const [at, point] of kills.entries()) {
      await lives.live(async (page) => {
        if (at === 0) await askPrice(page, [file], bytes);
        await point.prepare(network);
        await (at === 0 ? payButton(page).click() : goOn(page, file, bytes));
        await point.reached(network);
      });
    }
    await meanwhile?.(network);
    await lives.live(async (page) => {
      await (endsByItself ? seeLinks(page) : goOn(page, file, bytes));
      await expectDone(page);
      await expectReadable(network, page, photo(file, bytes));
    });
    lives.expectPaidOnce(1);
    lives.expectSentOnce();
  });
}

test.describe('in the soak', () => {
  test.skip(!SOAK, 'each of these takes as long as several others');

  test('killed at K1 and K2, while and after a file is prepared: nothing is paid, and no piece is left', async ({
    lives,
  }) => {
    await lives.live(async (page) => {
      await dropMany(page, 60, 2.9e6);
      await expect(page.locator('[data-batch=preparing]')).toContainText(/^[1-9]/);
    });
    for (const name of ['first.jpg', 'second.jpg']) {
      await lives.live(async (page) => {
        await expect(page.locator('[data-found], [role=row]')).toHaveCount(0);
        await choose(page, [name]);
        await expect(page.locator('[data-state=settled]')).toBeVisible();
        await expect.poll(() => spilledBytes(page)).toBeLessThan(10e6);
      });
    }
    expect(auditOf(lives.network, lives.payer).payments).toBe(0);
    expect(lives.asked).toBe(0);
  });

  test('killed at K3, the wallet is open: nothing is paid, and it is asked once more', async ({
    lives,
  }) => {
    await lives.live(async (page) => {
      await askPrice(page, ['K3.jpg']);
      await setWallet(page, ANSWER, 'silent');
      await payButton(page).click();
      await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
    });
    expect(auditOf(lives.network, lives.payer).payments).toBe(0);
    await lives.live(async (page) => {
      await goOn(page, 'K3.jpg');
      await expectDone(page);
    });
    lives.expectPaidOnce(2);
  });

  test('killed at K13, all is done and the key is not removed: nothing is left to do', async ({
    lives,
  }) => {
    let place = '';
    await lives.live(async (page) => {
      await askPrice(page, ['K13.jpg']);
      await beforeKeyEnds.prepare(lives.network);
      await payButton(page).click();
      await beforeKeyEnds.reached(lives.network);
      place = page.url();
    });
    await lives.live(async (page) => {
      await page.goto(place);
      await expectDone(page);
      await expectReadable(lives.network, page, photo('K13.jpg'));
    });
    lives.expectPaidOnce(1);
  });

  for (const [name, point] of Object.entries({
    K7: atFirstPut,
    K9: atConfirmation,
    K11: certified,
  })) {
    test(`K17, killed at ${name} and all of the browser is lost: the wallet alone gets it back`, async ({
      lives,
    }) => {
      const file = `K17 ${name}.jpg`;
      await lives.live(async (page) => {
        await askPrice(page, [file]);
        await point.prepare(lives.network);
        await payButton(page).click();
        await point.reached(lives.network);
      });
      lives.browser.wipe();
      await lives.live(async (page) => {
        await connectWallet(page);
        const lost = page.locator('[data-lost]');
        await lost.getByRole('button', { name: 'Take it into my wallet' }).click();
        await expect(lost).toHaveCount(0, { timeout: 20_000 });
        await choose(page, [file]);
        await page.getByRole('button', { name: 'See the price' }).click();
        await page.getByRole('button', { name: 'Pay 0.00 WAL' }).click();
        await expectDone(page);
        await expectReadable(lives.network, page, photo(file));
      });
      lives.expectPaidOnce(3); // the payment, the way back, and the certificate
    });
  }
});

async function connectWallet(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Connect a wallet' });
  await sheet.getByRole('button', { name: 'Development wallet' }).click();
}

/** Bytes of pieces that jobs of this profile have put aside in files. */
function spilledBytes(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const bytesIn = async (folder: FileSystemDirectoryHandle): Promise<number> => {
      let bytes = 0;
      for await (const handle of folder.values()) {
        bytes +=
          handle instanceof FileSystemFileHandle
            ? (await handle.getFile()).size
            : await bytesIn(handle as FileSystemDirectoryHandle);
      }
      return bytes;
    };
    return bytesIn(await navigator.storage.getDirectory());
  });
}
