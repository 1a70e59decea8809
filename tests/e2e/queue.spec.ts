import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import {
  blobIdOf,
  dropFiles,
  dropHeld,
  dropMany,
  idsOnPage,
  textFile,
  useFileInputs,
} from './page-files.ts';

// Large files take their time on a busy machine.
test.describe.configure({ timeout: 90_000 });

const LARGE = 160e6; // long enough to press something while it is prepared

test.beforeEach(async ({ page }) => {
  await useFileInputs(page);
  await page.goto('./');
});

const row = (page: Page, name: string) => page.getByRole('row', { name });

async function choose(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test('a file is paused, resumed, stopped and prepared again', async ({ page }) => {
  await dropMany(page, 1, LARGE);
  const state = page.locator('[data-row]');
  await expect(state).toHaveAttribute('data-row', 'preparing');
  await page.getByRole('button', { name: 'Pause file-0.bin' }).click();
  await expect(state).toHaveAttribute('data-row', 'paused');
  await page.getByRole('button', { name: 'Resume file-0.bin' }).click();
  await expect(state).toHaveAttribute('data-row', 'preparing');
  await choose(page, 'file-0.bin', 'Stop preparing');
  await expect(state).toHaveAttribute('data-row', 'stopped');
  await expect(page.getByText('0 ready, 1 not prepared')).toBeVisible();
  await page.getByRole('button', { name: 'Prepare file-0.bin again' }).click();
  await expect(state).toHaveAttribute('data-row', 'preparing');
  await choose(page, 'file-0.bin', 'Remove');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Store files on Walrus');
});

test('a file that was paused goes on where it was', async ({ page }) => {
  await dropMany(page, 1, 60e6);
  const bar = page.getByRole('progressbar', { name: 'Preparing file-0.bin' });
  const percent = async () => Number(await bar.getAttribute('aria-valuenow'));
  await expect.poll(percent, { timeout: 30_000, intervals: [50] }).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Pause file-0.bin' }).click();
  await expect(row(page, 'file-0.bin')).toContainText(/paused at \d+%/);
  let before = await percent();
  const moved = async () => {
    const was = before;
    await page.waitForTimeout(1000);
    before = await percent();
    return before - was;
  };
  await expect.poll(moved, { timeout: 20_000 }).toBe(0); // once the steps that were begun are done
  const least = page.evaluate(async () => {
    const seen: number[] = [];
    while (document.querySelector('[data-blob-id]') === null) {
      const value = document.querySelector('[role=row] [role=progressbar]')?.ariaValueNow;
      if (value != null) seen.push(Number(value));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return Math.min(...seen);
  });
  await page.getByRole('button', { name: 'Resume file-0.bin' }).click();
  const ids = await idsOnPage(page);
  expect(await least).toBeGreaterThanOrEqual(before);
  // The same as without a pause.
  await page.getByRole('button', { name: 'Remove file-0.bin' }).click();
  await page.getByRole('button', { name: 'Close this message' }).click();
  await dropHeld(page);
  expect(await idsOnPage(page)).toEqual(ids);
});

test('all files are paused and resumed together', async ({ page }) => {
  await dropMany(page, 2, LARGE / 2);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.locator('[data-row=paused]')).toHaveCount(2);
  await expect(page.locator('[data-live=polite]')).toContainText('Paused.');
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(page.locator('[data-row=paused]')).toHaveCount(0);
});

test('removed files come back to their places', async ({ page }) => {
  await dropFiles(
    page,
    ['a', 'b', 'c'].map((name) => textFile(`${name}.txt`, name)),
  );
  const ids = await idsOnPage(page);
  await page.getByRole('button', { name: 'Remove b.txt' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('row')).toHaveCount(3);
  expect(Object.keys(await idsOnPage(page))).toEqual(Object.keys(ids));
});

test('removals are undone one after the other', async ({ page }) => {
  await dropFiles(
    page,
    ['a', 'b', 'c'].map((name) => textFile(`${name}.txt`, name)),
  );
  const ids = await idsOnPage(page);
  await page.getByRole('button', { name: 'Remove b.txt' }).click();
  await page.getByRole('button', { name: 'Remove c.txt' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(page.locator('[data-undo]')).toHaveCount(0);
  expect(Object.keys(await idsOnPage(page))).toEqual(Object.keys(ids));
});

test('a removal right after an undo is spoken of, and has ten seconds of its own', async ({
  page,
}) => {
  await page.clock.install();
  await page.goto('./');
  await dropFiles(
    page,
    ['a', 'b'].map((name) => textFile(`${name}.txt`, name)),
  );
  await idsOnPage(page);
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByRole('button', { name: 'Remove a.txt' }).click();
  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  await page.mouse.move(0, 0); // the offer waits while the pointer is on it
  await page.clock.runFor(9000);
  const spoken = page.locator('[data-live=polite]');
  await expect(spoken).toHaveText('1 file removed');
  // Both before the page is drawn again.
  await undo.evaluate((button: HTMLElement) => {
    button.click();
    document.querySelector<HTMLElement>('[aria-label="Remove b.txt"]')?.click();
  });
  await page.clock.runFor(9000);
  await expect(spoken).toHaveText('1 file is back. 1 file removed');
  await expect(undo).toBeVisible();
  await page.clock.runFor(2000);
  await expect(undo).toBeHidden();
});

test('leaving in the middle of work is asked about, and only then', async ({ page }) => {
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked++;
    expect(dialog.type()).toBe('beforeunload');
    void dialog.accept();
  });
  await page.getByRole('heading', { level: 1 }).click(); // a browser asks only who has been here
  await dropFiles(page, [textFile('a.txt', 'a')]);
  await idsOnPage(page);
  await page.reload();
  expect(asked).toBe(0);
  await page.getByRole('heading', { level: 1 }).click();
  await dropMany(page, 1, LARGE);
  await expect(page.locator('[data-row=preparing]')).toBeVisible();
  await page.getByRole('link', { name: 'Settings' }).click();
  expect(asked).toBe(0); // another place is no leaving
  await page.reload();
  expect(asked).toBe(1);
});

test('what is refused or left out is shown, not only spoken', async ({ page, browserName }) => {
  await dropFiles(page, [textFile('a.txt', 'a')]);
  await dropFiles(page, [textFile('a.txt', 'a'), textFile('b.txt', 'b')]);
  await expect(page.getByRole('main')).toContainText('1 file was already in the list.');
  await dropFiles(page, [textFile('c.txt', 'c')]);
  await expect(page.getByRole('main')).not.toContainText('already in the list');
  await idsOnPage(page);
  test.skip(
    browserName !== 'chromium',
    'what follows takes a permission away, as only Chromium lets a test',
  );
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Copy 3 blob IDs' }).click();
  await expect(page.getByRole('main')).toContainText('Not allowed');
});

test('drops that overlap tell together what they left out', async ({ page }) => {
  await dropMany(page, 3, 10);
  await expect(page.locator('[data-state=settled]')).toBeVisible();
  await dropHeld(page, 2);
  await expect(page.getByRole('main')).toContainText('6 files were already in the list.');
});

test('everything is done with the keyboard alone', async ({ page }) => {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible(); // keys before it go nowhere
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Skip to content' })).toBeFocused();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).focus();
  await page.keyboard.press('Enter');
  const files = ['a', 'b', 'c', 'd'].map((name) => textFile(`${name}.txt`, name));
  await (await chooser).setFiles(files);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused(); // the button is gone
  const ids = await idsOnPage(page);
  expect(ids['c.txt']).toBe(await blobIdOf('c'));

  // Into the list, to a row, its details and back.
  await page.getByRole('button', { name: 'More for all files' }).focus();
  for (
    let at = 0;
    at < 4 && !(await row(page, 'a.txt').evaluate((e) => e === document.activeElement));
    at++
  ) {
    await page.keyboard.press('Tab');
  }
  await expect(row(page, 'a.txt')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(row(page, 'b.txt')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText(ids['b.txt'] ?? '-');
  await page.keyboard.press('Escape');
  await expect(row(page, 'b.txt')).toBeFocused();

  // The buttons of a row.
  await page.keyboard.press('ArrowRight');
  await expect(
    page.getByRole('button', { name: `Copy blob ID, ends ${ids['b.txt']?.slice(-4)}` }),
  ).toBeFocused();
  await page.keyboard.press('ArrowLeft');

  // Selecting and removing.
  await page.keyboard.press('Space');
  await expect(row(page, 'b.txt')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(row(page, 'c.txt')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Delete');
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page.locator('[data-live=polite]')).toContainText('2 files removed');

  // Keys that work everywhere.
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  const field = page.getByRole('textbox', { name: 'ID, link or receipt' });
  await expect(field).toBeFocused();
  await page.keyboard.type('/?');
  await expect(field).toHaveValue('/?');
});

test('shortcuts of one key can be switched off', async ({ page }) => {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByText('Shortcuts of one key').click();
  await page.getByRole('heading', { name: 'Settings' }).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
