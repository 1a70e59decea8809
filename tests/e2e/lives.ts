import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { BrowserContext, Page } from '@playwright/test';
import type { KeptState } from '../../src/dev-wallet/kept-state.ts';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { openWithWallet } from './dev-wallet.ts';
import { test as base, expect } from './fixtures.ts';
import { Killable } from './killable.ts';
import { auditOf } from './ledger.ts';
import { useFileInputs as pickByInput } from './page-files.ts';
import { letAllGo, takenSlivers } from './store-holds.ts';
import { photo, walletButton } from './store-steps.ts';

/** The browser is killed with all its processes; another one on the same profile ends the upload. */
export const test = base.extend<{ lives: Lives }>({
  lives: async ({ site, watch, localNetwork }, use) => {
    if (localNetwork === undefined) throw new Error('there is no network');
    const lives = new Lives(localNetwork, new Killable(site.url), watch);
    await use(lives);
    await lives.browser.end();
    await letAllGo(localNetwork);
  },
  watched: ({ site: _ }, use) => use(undefined), // each life is watched for itself
});

/** Browsers of one person, one after the other. */
export class Lives {
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
  expectPaidOnce(prompts: number, tips = 0): void {
    const audit = auditOf(this.network, this.payer);
    expect(audit).toEqual({ payments: 1, tips, leftAtHolders: [], blobs: 1 });
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
export async function goOn(page: Page, file: string, bytes?: number): Promise<void> {
  const found = page.locator('[data-found]');
  const button = found.getByRole('button', { name: /^(Continue|Choose the files again)$/ });
  await expect(button).toBeEnabled({ timeout: 20_000 });
  if ((await button.textContent()) === 'Continue') return button.click();
  const chooser = page.waitForEvent('filechooser');
  await button.click();
  const buffer = photo(file, bytes);
  await (await chooser).setFiles([{ name: file, mimeType: 'image/jpeg', buffer }]);
}
