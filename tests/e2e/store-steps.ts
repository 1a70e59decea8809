import type { Page } from '@playwright/test';
import type { KeptState } from '../../src/dev-wallet/kept-state.ts';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { openWithWallet } from './dev-wallet.ts';
import { expect } from './fixtures.ts';
import { useFileInputs as pickByInput } from './page-files.ts';

/** Steps of the Store page that its tests share. */

export const payButton = (page: Page) => page.getByRole('button', { name: /^Pay [\d.,]+ WAL$/ });

export const walletButton = (page: Page) =>
  page.getByRole('button', { name: 'Wallet', exact: true });

/** What the wallet is told about requests, in its panel. */
export const ANSWER = /^When asked/;

/** Tells the wallet how to behave from now on, in its own panel. */
export async function setWallet(page: Page, label: RegExp, value: string | boolean): Promise<void> {
  await walletButton(page).click();
  const panel = page.getByRole('dialog', { name: 'Development wallet' });
  if (typeof value === 'string') await panel.getByLabel(label).selectOption(value);
  else await panel.getByLabel(label).setChecked(value);
  await panel.getByRole('button', { name: 'Done' }).click();
}

/** Bytes that no other test stores. */
export function photo(seed: string, bytes = 200_000): Buffer {
  return Buffer.alloc(bytes, `${seed} `);
}

/** Photos by name; the bytes of each, so many, are made of its name. */
export async function choose(page: Page, names: readonly string[], bytes?: number): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await chooser).setFiles(
    names.map((name) => ({ name, mimeType: 'image/jpeg', buffer: photo(name, bytes) })),
  );
}

/** From an empty page that is open to a price, which can be paid unless something is to be chosen first. */
export async function askPrice(
  page: Page,
  names: readonly string[],
  bytes?: number,
  isHeld = false,
): Promise<void> {
  await choose(page, names, bytes);
  await page.getByRole('button', { name: 'See the price' }).click();
  await page.getByRole('button', { name: 'Connect a wallet to pay' }).click();
  const sheet = page.getByRole('dialog', { name: 'Connect a wallet' });
  await sheet.getByRole('button', { name: 'Development wallet' }).click();
  await expect(payButton(page)).toBeEnabled({ timeout: 20_000, enabled: !isHeld });
}

/** Opens the page and asks the price of files; the wallet behaves as `state` says. */
export async function openQuote(
  page: Page,
  names: readonly string[],
  state: Partial<KeptState> = {},
  bytes?: number,
): Promise<void> {
  await pickByInput(page);
  await openWithWallet(page, state);
  await askPrice(page, names, bytes);
}

/** From the empty page until the payment was pressed, with a wallet that approves. */
export async function pay(page: Page, names: readonly string[]): Promise<void> {
  await openQuote(page, names, { answer: 'approve' });
  await payButton(page).click();
}

/** Remembers each line that the page shows from now on. */
export async function listen(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const said = new Set<string>();
    const look = () => {
      for (const line of document.querySelectorAll('[data-upload] :is(p, li, span, h2)')) {
        said.add(line.textContent ?? '');
      }
    };
    new MutationObserver(look).observe(document.body, {
      ...{ subtree: true, childList: true, characterData: true },
    });
    Object.assign(window, { said });
  });
  return () => page.evaluate(() => [...(Reflect.get(window, 'said') as Set<string>)]);
}

export async function expectDone(page: Page): Promise<void> {
  await expect(page.locator('[data-done]')).toBeVisible({ timeout: 60_000 });
}

/**
 * What the aggregator reads of a blob. Nodes hear of a certificate a little after the page does, and answer
 * 404 until then: this is waited for, and no other answer is.
 */
export async function storedBytes(
  { description }: ServedNetwork,
  blobId: string | null,
): Promise<Buffer> {
  const ask = () => fetch(`${description.aggregatorUrl}/v1/blobs/${blobId}`);
  let answer = await ask();
  await expect(async () => {
    if (answer.status === 404) answer = await ask();
    expect(answer.status).not.toBe(404);
  }).toPass({ timeout: 10_000 });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

/** Fails unless the blob on the page reads as these bytes. */
export async function expectReadable(
  localNetwork: ServedNetwork | undefined,
  page: Page,
  bytes: Buffer,
): Promise<void> {
  if (localNetwork === undefined) throw new Error('there is no network');
  const blobId = await page.locator('[data-stored]').getAttribute('data-stored');
  expect((await storedBytes(localNetwork, blobId)).equals(bytes)).toBe(true);
}
