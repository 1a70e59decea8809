import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { typeInto } from './page-files.ts';
import {
  expectDone,
  expectReadable,
  openQuote,
  payButton,
  photo,
  walletButton,
} from './store-steps.ts';

test.use({ isLocal: true });
test.describe.configure({ timeout: 120_000 });

test('with two approvals the wallet finishes the upload itself', async ({ page, localNetwork }) => {
  await page.addInitScript(() => {
    if (location.protocol === 'http:') localStorage['haulout.approvals'] = 'two';
  });
  await openQuote(page, ['twice.jpg'], { answer: 'approve' });
  await expect(page.getByText('2 wallet approvals for the batch')).toBeVisible();
  await payButton(page).click();
  await page.getByRole('button', { name: 'Certify' }).click({ timeout: 60_000 });
  await expectDone(page);
  await expectReadable(localNetwork, page, photo('twice.jpg'));
  await expect(walletButton(page)).toHaveAttribute('data-approvals', '2');
});

test('choices last, and all that this browser keeps can be removed', async ({ page }) => {
  await page.addInitScript(() => {
    if (navigator.storage === undefined) return;
    let isKept = false;
    navigator.storage.persisted = async () => isKept;
    navigator.storage.persist = async () => {
      isKept = true;
      return isKept;
    };
  });
  await page.goto('./settings');
  await expect(page.getByText('This browser may clear it when it needs room.')).toBeVisible();
  await page.getByRole('button', { name: 'Ask the browser to keep it' }).click();
  await expect(page.getByText('This browser has promised to keep it.')).toBeVisible();
  await page.getByText('Straight to the nodes', { exact: true }).click();
  await page.getByText('Dark', { exact: true }).click();
  const cap = page.getByRole('textbox', { name: 'Tip for a relay, at most, in SUI' });
  await expect(cap).toHaveValue('0.01');
  await typeInto(cap, '0.25');
  await cap.press('Enter');
  await expectAccessible(page);
  await page.reload();
  await expect(cap).toHaveValue('0.25');
  await expect(page.getByRole('radio', { name: 'Straight to the nodes' })).toBeChecked();
  await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    await folder.getDirectoryHandle('haulout-left', { create: true });
    await folder.getDirectoryHandle('somebody-else', { create: true });
    await new Promise((resolve) => {
      indexedDB.open('haulout-left').onsuccess = resolve; // as another tab would hold it
    });
  });
  await page.getByRole('button', { name: 'Forget everything here' }).click();
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Remove all of it' }).click();
  await loaded;
  await expect(page.getByRole('radio', { name: 'What is faster' })).toBeChecked();
  const left = await page.evaluate(async () => {
    const names: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
    const isFolder = (name: string) => !['haulout-spill', 'haulout-sources'].includes(name); // of this page
    return { names: names.filter(isFolder), look: localStorage.getItem('haulout.look') };
  });
  expect(left).toEqual({ names: ['somebody-else'], look: null });
});
