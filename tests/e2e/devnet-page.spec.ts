import { test as base, expect } from '@playwright/test';
import { loadDevnet } from '../../src/tooling/build-devnet.mjs';

interface Running {
  adminUrl: string;
  adminToken: string;
  relayUrl: string;
}

const test = base.extend<object, { network: Running }>({
  network: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants to see which fixtures are used
    async ({}, use) => {
      const { startFrom } = await loadDevnet();
      const started = await startFrom(['--port', '0', '--data', 'none', '--json']);
      if (typeof started === 'string') throw new Error(started);
      await use(started.description);
      await started.close();
    },
    { scope: 'worker' },
  ],
});

// One worker, so that one process builds and starts it.
test.describe.configure({ mode: 'serial' });

test('the control page asks for the token', async ({ page, network }) => {
  await page.goto(network.adminUrl);
  await page.getByLabel(/token/).fill('wrong');
  await page.getByRole('button', { name: 'Open' }).click();
  await expect(page.getByRole('alert')).toContainText('not that of this network');
  await page.getByLabel(/token/).fill(network.adminToken);
  await page.getByRole('button', { name: 'Open' }).click();
  await expect(page.getByRole('heading', { name: 'Storage nodes' })).toBeVisible();
});

test('it shows the network, starts a bad day, kills a node and heals it', async ({
  page,
  network,
}) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${network.adminUrl}/#${network.adminToken}`);
  await expect(page).toHaveURL(`${network.adminUrl}/`); // the token does not stay in the address
  await expect(page.getByRole('status')).toContainText('5 of 5 nodes alive · 13 shards');

  const storm = page.getByRole('switch', { name: /^storm/ });
  await storm.click();
  await expect(storm).toHaveAttribute('aria-checked', 'true');
  await expect(page.getByRole('row', { name: /aggregator/ })).toContainText('staleNotFound');
  await expect(page.getByText('finalityDelayMs 1,000')).toBeVisible();
  await storm.click();
  await expect(page.getByRole('status')).toContainText('a good day');

  await page.getByRole('button', { name: 'Kill node-1' }).click();
  await expect(page.getByRole('row', { name: /node-1/ })).toContainText('dead');
  await page.getByRole('button', { name: 'Start node-1' }).click();
  await expect(page.getByRole('row', { name: /node-1/ })).toContainText('well');

  await page.getByRole('textbox', { name: 'Storage' }).fill('42');
  await page.getByRole('button', { name: 'Set prices' }).click();
  await expect(page.getByText('42 FROST per MiB and epoch')).toBeVisible();
  await page.getByRole('button', { name: 'End the epoch' }).click();
  await expect(page.getByRole('status')).toContainText('Epoch 2');
  expect(problems).toEqual([]);
});

test('it fits a phone', async ({ page, network }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${network.adminUrl}/#${network.adminToken}`);
  await expect(page.getByText('Nothing is stored yet.')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
