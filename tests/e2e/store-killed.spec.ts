import type { Page } from '@playwright/test';
import type { KeptState } from '../../src/dev-wallet/kept-state.ts';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { expect } from './fixtures.ts';
import { auditOf } from './ledger.ts';
import { goOn, test } from './lives.ts';
import { dropMany } from './page-files.ts';
import {
  afterSlivers,
  atConfirmation,
  atExecution,
  atFirstPut,
  beforeCertificate,
  beforeKeyEnds,
  both,
  type HoldPoint,
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

test.use({ isLocal: true });
test.describe.configure({ timeout: 120_000 });
test.skip(({ browserName }) => browserName !== 'chromium', 'it is Chromium that is killed');

const SOAK = process.env['HAULOUT_SOAK'] === '1';

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
    const { kills, meanwhile, twist = 'none', endsByItself = false } = scene;
    const file = `${name}.jpg`;
    lives.wallet = { ...lives.wallet, twist };
    for (const [at, point] of kills.entries()) {
      await lives.live(async (page) => {
        if (at === 0) await askPrice(page, [file]);
        await point.prepare(network);
        await (at === 0 ? payButton(page).click() : goOn(page, file));
        await point.reached(network);
      });
    }
    await meanwhile?.(network);
    await lives.live(async (page) => {
      await (endsByItself ? seeLinks(page) : goOn(page, file));
      await expectDone(page);
      await expectReadable(network, page, photo(file));
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
      // Which wallet was connected may not have reached the disk.
      const missing = page.locator('[data-error=wallet-missing]');
      await expect(missing.or(page.locator('[data-done]'))).toBeVisible({ timeout: 60_000 });
      if (await missing.isVisible()) {
        await page.getByRole('button', { name: 'Connect', exact: true }).click();
        const sheet = page.getByRole('dialog', { name: 'Connect a wallet' });
        await sheet.getByRole('button', { name: 'Development wallet' }).click();
        await page.getByRole('button', { name: 'Go on' }).click();
      }
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
