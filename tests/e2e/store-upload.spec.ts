import type { Page } from '@playwright/test';
import type { LocalNetwork } from '../../src/devnet/network.ts';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { watchingSpender } from './ledger.ts';
import { savedFile } from './page-files.ts';
import {
  ANSWER,
  choose,
  expectDone,
  expectReadable,
  openQuote,
  pay,
  payButton,
  photo,
  setWallet,
} from './store-steps.ts';

test.use({ isLocal: true });
test.describe.configure({ timeout: 120_000 });

const HELD = 'confirmations';

/** Nodes take everything, and sign nothing until they are let go. */
async function holdConfirmations({ nodes }: LocalNetwork): Promise<() => Promise<void>> {
  for (const node of nodes) {
    await node.setFaults([
      { match: { route: 'confirmation' }, action: { type: 'hold', name: HELD } },
    ]);
  }
  return async () => {
    for (const node of nodes) {
      await node.setFaults([]);
      node.engine.release(HELD);
    }
  };
}

/** Blocks of the strip, of all states together. */
const blocksOf = (page: Page) =>
  page
    .locator('[data-blocks]')
    .evaluateAll((paths) =>
      paths.reduce((sum, path) => sum + (path.getAttribute('d')?.split('M').length ?? 1) - 1, 0),
    );

test('nodes are shown while they are sent to, as picture and as table; then the links', async ({
  page,
  localNetwork,
  site,
}) => {
  if (localNetwork === undefined) throw new Error('there is no network');
  const { network } = localNetwork;
  const letGo = await holdConfirmations(network);
  await openQuote(page, ['strip.jpg']);
  const spent = watchingSpender(localNetwork);
  await expectAccessible(page);
  await page.evaluate(() => {
    const { get } = Object.getOwnPropertyDescriptor(Notification, 'permission') ?? {};
    Object.assign(window, { permissionAsked: 0 });
    Object.defineProperty(Notification, 'permission', {
      get: () => {
        Object.assign(window, { permissionAsked: Reflect.get(window, 'permissionAsked') + 1 });
        return get?.call(Notification);
      },
    });
    // Firefox asks the person, who need not answer.
    Object.assign(window, { keepAsked: 0 });
    navigator.storage.persist = () => {
      Object.assign(window, { keepAsked: Reflect.get(window, 'keepAsked') + 1 });
      return new Promise(() => undefined);
    };
  });
  await setWallet(page, ANSWER, 'silent');
  await payButton(page).click();
  const waiting = page.getByRole('dialog', { name: 'Waiting for your wallet' });
  await waiting.getByRole('button', { name: 'What the wallet will list' }).click();
  await expectAccessible(page);
  expect(await page.evaluate(() => Reflect.get(window, 'keepAsked'))).toBe(1);
  const amounts = waiting.locator('[data-mist]');
  const shownMist = await amounts.getAttribute('data-mist');
  await setWallet(page, ANSWER, 'approve');
  const text = page.locator('[data-nodes-text]');
  const total = network.nodes.length;
  await expect(page.locator('[data-nodes]')).toHaveAttribute('data-nodes', String(total));
  await expect(page.locator('[data-swatch=confirming]')).toBeVisible({ timeout: 60_000 });
  await expect(text).toContainText(/[1-9]\d* of [\d,]+ shares have their pieces/);
  expect(await blocksOf(page)).toBe(total);
  await expect(page).toHaveTitle(/^\d+\s?% · Haulout$/);
  await expect(page.getByText('Safe to close: it waits.')).toBeVisible();
  await expect(page.getByText('Enough is sent. Nodes sign for it now')).toBeVisible();
  // The page's thread waits for that answer: not with each change of a counter.
  expect(await page.evaluate(() => Reflect.get(window, 'permissionAsked'))).toBeLessThan(4);
  await expect(page.getByRole('progressbar').first()).toHaveAttribute('aria-valuetext', '99%');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'as table' }).click();
  await expect(page.locator('[data-node]')).toHaveCount(total);
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Cancel this upload?' });
  await expect(question).toContainText(
    /The [\d.]+ WAL do not come back, but the space does: [\d.]+ .B/,
  );
  await expect(question).toContainText(/About 0\.\d+ SUI of the network fee return/);
  await expectAccessible(page);
  await question.getByRole('button', { name: 'Keep it' }).click();

  await page.context().grantPermissions(['notifications']);
  await page.evaluate(() => {
    const Real = Notification;
    const shown: string[] = [];
    class Watched extends Real {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        shown.push(`${title}: ${options?.body}`);
      }
    }
    Object.assign(window, { Notification: Watched, shown });
  });
  await page.getByRole('button', { name: 'Tell me when it is done' }).click();
  await expect(page.getByText('You will get one notification')).toBeVisible();
  await page.getByRole('link', { name: 'Store', exact: true }).click();
  await page.goBack(); // the wish is the upload's, not the place's
  await expect(page.getByText('You will get one notification')).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).focus();
  await letGo();
  await expectDone(page);
  const { paidMist, frost, mist } = spent();
  expect(shownMist).toBe(`${paidMist}`);
  const money = page.locator('[data-done] [data-paid=paid]');
  await expect(money).toHaveAttribute('data-frost', `${frost}`);
  await expect(money).toHaveAttribute('data-mist', `${mist}`); // what was lent is back
  await expect(money).toContainText(/^[\d.]+ WAL and 0\.\d+ SUI paid/);
  await expect(page.getByRole('heading', { name: 'Stored', level: 1 })).toBeFocused();
  await expect(page).toHaveTitle('Stored · Haulout');
  const shown = await page.evaluate(() => Reflect.get(window, 'shown'));
  expect(shown).toEqual(['Stored: Your file is stored. The link is in Haulout.']);
  await expect(page.locator('[data-live=polite]')).toContainText('Stored.');
  await expect(page.getByText('Nodes are hearing of it')).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByRole('button', { name: 'Copy link' })).toBeVisible();
  const href = await page.locator('[data-short-link]').getAttribute('href');
  const blobId = await page.locator('[data-stored]').getAttribute('data-stored');
  expect(href).toBe(new URL(`b/${blobId}`, site.url).href);
  const elsewhere = await page.locator('[data-aggregator-link]').getAttribute('href');
  expect(elsewhere).toBe(`${localNetwork.description.aggregatorUrl}/v1/blobs/${blobId}`);
  const receipt = await savedFile(page, () =>
    page.getByRole('button', { name: 'Save receipt' }).click(),
  );
  expect(receipt.name).toBe(`${blobId}.receipt.json`);
  expect(JSON.parse(receipt.text)).toMatchObject({ format: 'haulout-receipt-1', blobId });
  await page.getByRole('button', { name: 'QR code of strip.jpg' }).click();
  const sheet = page.getByRole('dialog', { name: 'QR code' });
  await expect(sheet.getByRole('img', { name: 'QR code of the link to strip.jpg' })).toBeVisible();
  await expect(sheet).toContainText(href ?? 'a link');
  await expectAccessible(page);
  await sheet.getByRole('button', { name: 'Close' }).click();

  const letGoAgain = await holdConfirmations(network);
  await page.getByRole('link', { name: 'Store more' }).click();
  await choose(page, ['given up.jpg']);
  await page.getByRole('button', { name: 'See the price' }).click();
  await payButton(page).click();
  await expect(page.locator('[data-upload=uploading]')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Give the upload up' }).click();
  await expect(page.locator('[data-cancelled=space-kept]')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Cancelled', level: 1 })).toBeFocused();
  await letGoAgain();
});

test('the links of a batch are copied at once, and saved as a table', async ({ page }) => {
  const long = `${'Donaudampfschifffahrt'.repeat(8)}.jpg`;
  await openQuote(page, ['one.jpg', long], { answer: 'approve' }, 2_000);
  const advice = page.locator('[data-advice=quilt]');
  await expect(advice).toContainText(/^2 small files cost about [\d.]+ WAL one by one/);
  await expect(advice).toContainText('as 1 blob of many files (a quilt)');
  await payButton(page).click();
  await expect(page.locator('[data-stored]')).toHaveCount(2, { timeout: 90_000 });
  await expect(page.getByRole('button', { name: 'Copy all links' })).toBeVisible();
  await page.setViewportSize({ width: 320, height: 700 });
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 720 });
  const table = await savedFile(page, () =>
    page.getByRole('button', { name: 'Save table' }).click(),
  );
  expect(table.name).toBe('stored.csv');
  await page.getByRole('link', { name: 'Settings' }).click();
  const all = page.getByRole('button', { name: 'Save all uploads' });
  const exported = await savedFile(page, () => all.click());
  expect(exported.name).toBe('haulout-uploads.json');
  const { uploads } = JSON.parse(exported.text);
  expect(uploads).toHaveLength(1);
  expect(uploads[0].files).toMatchObject([
    { name: 'one.jpg', receipt: { format: 'haulout-receipt-1' } },
    { name: long, receipt: { format: 'haulout-receipt-1' } },
  ]);
});

test.describe('without a connection', () => {
  test.use({ expectedProblems: [/ERR_INTERNET_DISCONNECTED/] });
  test('it is said what is safe, and the upload goes on by itself when it is back', async ({
    page,
    context,
    localNetwork,
  }) => {
    if (localNetwork === undefined) throw new Error('there is no network');
    const letGo = await holdConfirmations(localNetwork.network);
    await pay(page, ['train.jpg']);
    await expect(page.locator('[data-swatch=confirming]')).toBeVisible({ timeout: 60_000 });
    await context.setOffline(true);
    const offline = page.locator('[data-condition=offline]');
    await expect(offline).toContainText('What is paid stays paid');
    await expectAccessible(page);
    await letGo();
    await context.setOffline(false);
    await expect(offline).toHaveCount(0);
    await expectDone(page);
    await expectReadable(localNetwork, page, photo('train.jpg'));
  });
});

test('too few nodes: what is paid and safe is said, and it goes on when they are back', async ({
  page,
  localNetwork,
}) => {
  test.skip(
    process.env['HAULOUT_SOAK'] !== '1',
    'nodes are given 45 s, which only the soak waits for',
  );
  if (localNetwork === undefined) throw new Error('there is no network');
  const { fleet } = localNetwork.network;
  const down = { match: { method: 'PUT' }, action: { type: 'status', status: 400 } } as const;
  const setAll = (rules: readonly (typeof down)[]) =>
    Promise.all([2, 3, 4].map((node) => fleet.setFaults(node, rules)));
  await setAll([down]);
  await pay(page, ['stranded.jpg']);
  const trouble = page.locator('[data-error=quorum-unreached]');
  await expect(trouble).toContainText('Paid and kept', { timeout: 60_000 });
  await expect(page.locator('[data-retry]')).toContainText(/Next try by itself at \d/);
  await setAll([]);
  await trouble.getByRole('button', { name: 'Try now' }).click();
  await expectDone(page);
  await expectReadable(localNetwork, page, photo('stranded.jpg'));
});
