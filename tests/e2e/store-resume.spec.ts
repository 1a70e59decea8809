import type { Page } from '@playwright/test';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { useFileInputs as pickByInput } from './page-files.ts';
import { atExecution, letAllGo } from './store-holds.ts';
import { choose, expectDone, expectReadable, pay, photo } from './store-steps.ts';

test.use({ isLocal: true });
test.describe.configure({ mode: 'serial', timeout: 180_000 });

const HELD = 'half-way';

/** Two nodes take all, too few for a quorum; one sliver for each of the others waits until it is let go. */
async function holdHalfWay({ network }: ServedNetwork): Promise<() => Promise<void>> {
  const match = { method: 'PUT', route: 'sliver', times: 1 } as const;
  const rule = { match, action: { type: 'hold', name: HELD, what: 'request' } } as const;
  const setAll = (rules: readonly (typeof rule)[]) =>
    Promise.all([2, 3, 4].map((node) => network.fleet.setFaults(node, rules)));
  await setAll([rule]);
  return async () => {
    await setAll([]);
    for (const { engine } of network.nodes) engine.release(HELD);
  };
}

/** Slivers that nodes have taken since a moment of their log. */
function takenSince({ network }: ServedNetwork, begin: number): readonly string[] {
  return network.fleet.log
    .since(begin)
    .filter(({ method, path, status }) => {
      return method === 'PUT' && path.includes('/slivers/') && status >= 200 && status < 300;
    })
    .map(({ node, path }) => `${node} ${path.split('?')[0]}`); // before a payment they are `pending`
}

/** How often the wallet of a page was asked. */
function askedOf(page: Page): Promise<number> {
  return page.evaluate(() => JSON.parse(localStorage['haulout-dev-wallet']).requests);
}

test('a reload in the middle: the banner says what was paid, Continue sends what is missing', async ({
  page,
  localNetwork,
}) => {
  if (localNetwork === undefined) throw new Error('no network');
  const { log } = localNetwork.network.fleet;
  const begin = log.next;
  const release = await holdHalfWay(localNetwork);
  await pay(page, ['beach again.jpg']);
  await expect(page.locator('[data-upload=uploading]')).toBeVisible({ timeout: 60_000 });
  const confirmations = () => {
    return log.since(begin).filter(({ method, path }) => {
      return method === 'GET' && path.includes('/confirmation/');
    }).length;
  };
  await expect.poll(confirmations).toBe(2); // of the two nodes that have all
  await page.goto('./');
  const banner = page.locator('[data-found]');
  await expect(banner).toContainText('beach again.jpg');
  await expect(banner.locator('[data-paid=paid]')).toBeVisible();
  const share = Number(await banner.locator('[data-sent]').getAttribute('data-sent'));
  expect(share).toBeGreaterThan(0);
  const early = new Set(takenSince(localNetwork, begin));
  const middle = log.next;
  await release();
  await banner.getByRole('button', { name: 'Continue' }).click();
  await expectDone(page);
  await expectReadable(localNetwork, page, photo('beach again.jpg'));
  expect(takenSince(localNetwork, middle).filter((sliver) => early.has(sliver))).toEqual([]);
  expect(await askedOf(page)).toBe(1);

  await page.reload(); // the same place again
  await expectDone(page);
});

test('an upload that lacks only an answer of the chain ends by itself, and the start says so', async ({
  page,
  localNetwork,
}) => {
  if (localNetwork === undefined) throw new Error('no network');
  const certified = atExecution(1, 'answer');
  await certified.prepare(localNetwork);
  await pay(page, ['answered late.jpg']);
  await certified.reached(localNetwork);
  await page.goto('./');
  await letAllGo(localNetwork);
  const finished = page.locator('[data-finished]');
  await expect(finished).toContainText('answered late.jpg', { timeout: 20_000 });
  await expect(finished.locator('[data-paid=paid]')).toContainText(/^[\d.]+ WAL and/);
  await expectAccessible(page);
  await page.reload(); // nobody has looked yet
  await finished.getByRole('button', { name: 'See the links' }).click({ timeout: 20_000 });
  await expectDone(page);
  await expectReadable(localNetwork, page, photo('answered late.jpg'));
  expect(await askedOf(page)).toBe(1);
});

test('two tabs: one sends, the other follows, and takes over without a question of money', async ({
  page,
  context,
  localNetwork,
}) => {
  if (localNetwork === undefined) throw new Error('no network');
  const release = await holdHalfWay(localNetwork);
  await pay(page, ['harbour.jpg']);
  await expect(page.locator('[data-upload=uploading]')).toBeVisible({ timeout: 60_000 });
  const other = await context.newPage();
  await pickByInput(other);
  await other.goto('./');
  await choose(other, ['harbour.jpg']);
  await other.getByRole('button', { name: 'See the price' }).click();
  await other.getByRole('button', { name: 'Go on' }).click(); // there is nothing else to pay or do
  expect(other.url()).toBe(page.url());
  await expect(other.locator('[data-elsewhere]')).toBeVisible();
  await expect(other.locator('[data-upload=uploading]')).toBeVisible();
  await other.getByRole('button', { name: 'Take over here' }).click();
  await expect(page.locator('[data-elsewhere]')).toBeVisible();
  await expect(other.getByRole('button', { name: 'Pause' })).toBeVisible();
  await release();
  await expectDone(other);
  await expectDone(page);
  await expect(page.locator('[data-error]')).toHaveCount(0);
  await expect(other.locator('[data-error]')).toHaveCount(0);
  await expectReadable(localNetwork, other, photo('harbour.jpg'));
  expect(await askedOf(other)).toBe(1);
});

test('the link of an upload says in another browser that it is not for that', async ({ page }) => {
  await page.goto('./u/0123456789abcdef0123456789abcdef');
  await expect(page.getByText('for the browser that started the upload')).toBeVisible();
});

test('a browser that has forgotten all finds what was paid with the wallet, and pays nothing more', async ({
  page,
  localNetwork,
}) => {
  if (localNetwork === undefined) throw new Error('no network');
  const release = await holdHalfWay(localNetwork);
  await pay(page, ['forgotten.jpg']);
  await expect(page.locator('[data-upload=uploading]')).toBeVisible({ timeout: 60_000 });
  await page.goto('./settings');
  await page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    for (const name of names) indexedDB.deleteDatabase(name);
  });
  await release();
  await page.goto('./');
  const lost = page.locator('[data-lost]');
  await expect(lost).toContainText('1 file of yours was paid and never finished', {
    timeout: 20_000,
  });
  await lost.getByRole('button', { name: 'Take it into my wallet' }).click();
  await expect(lost).toHaveCount(0, { timeout: 20_000 });
  await choose(page, ['forgotten.jpg']);
  await page.getByRole('button', { name: 'See the price' }).click();
  await expect(page.locator('[data-standing=registered]')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Pay 0.00 WAL' }).click();
  await expectDone(page);
  await expectReadable(localNetwork, page, photo('forgotten.jpg'));
});

test.describe('where the engine cannot be loaded', () => {
  test.use({ expectedProblems: [/Failed to load resource/] });
  test('it is said that uploads were not looked for, and they are when asked; so with a place', async ({
    page,
    browserName,
  }) => {
    // Firefox does not ask again for a script that it could not have, until the page is loaded again.
    const reload = async () => {
      const button = page.getByRole('button', { name: 'Reload the page' });
      if (browserName === 'firefox') await button.click();
    };
    await page.route('**/spawn-engine-*.js', (route) => route.abort());
    await page.route('**/settings-place-*.js', (route) => route.abort());
    await page.goto('./');
    await expect(page.locator('[data-error]')).toBeVisible();
    await page.unroute('**/spawn-engine-*.js');
    await page.getByRole('button', { name: 'Look again' }).click();
    await reload();
    await expect(page.locator('[data-error]')).toHaveCount(0);
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect(page.locator('[data-error=host-unreachable]')).toBeVisible();
    await page.unroute('**/settings-place-*.js');
    await page.getByRole('button', { name: 'Load it again' }).click();
    await reload();
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  });
});
