import type { Page } from '@playwright/test';
import { expectFits, plainTexts, violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { dropFiles, dropMany, idsOnPage, textFile, typeInto, useFileInputs } from './page-files.ts';

type Step = (page: Page) => Promise<void>;

/** The states of the page that a person can see, and the way from each to the next. */
const VISITS: Record<string, Record<string, Step>> = {
  files: {
    empty: async () => {},
    dragging: async (page) => {
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['x'], 'a'));
        document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer, bubbles: true }));
      });
    },
    ready: async (page) => {
      await dropFiles(page, [textFile('a.txt', 'a'), textFile('b.txt', 'b')]);
      await idsOnPage(page);
    },
    menu: async (page) => {
      await page.getByRole('button', { name: 'More for a.txt' }).click();
      await expect(page.getByRole('menu')).toBeVisible();
    },
    details: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('row').first().click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
    removed: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Remove b.txt' }).click();
      await expect(page.locator('[data-undo]')).toBeVisible();
    },
  },
  work: {
    preparing: async (page) => {
      await dropMany(page, 3, 90e6);
      await expect(page.getByRole('progressbar').first()).toBeVisible();
    },
    paused: async (page) => {
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await expect(page.locator('[data-row=paused]').first()).toBeVisible();
    },
  },
  comparing: {
    malformed: async (page) => {
      await openVerify(page);
      await typeInto(page.getByRole('textbox'), 'not an ID');
      await expect(page.locator('[data-state=malformed]')).toBeVisible();
    },
    mismatch: async (page) => {
      await dropFiles(page, [textFile('hello.txt', 'hello, world')]);
      await typeInto(page.getByRole('textbox'), 'vldooumlbSRuiUvv54k0MowsF5afG7SVC0b9oXufbzQ');
      await expect(page.locator('[data-verdict=mismatch]')).toBeVisible();
    },
    match: async (page) => {
      await dropFiles(page, [textFile('hello.txt', 'hello world')]);
      await expect(page.locator('[data-verdict=match]')).toBeVisible();
    },
  },
  settings: {
    settings: async (page) => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
    },
  },
};

/** As a person would: not before it is there. */
async function openVerify(page: Page): Promise<void> {
  await page.getByRole('navigation').first().getByRole('link').nth(1).click();
  await page.getByRole('main').getByRole('navigation').getByRole('link').nth(1).click();
  await expect(page.locator('[data-state] input')).toBeVisible();
}

test.beforeEach(async ({ page }) => useFileInputs(page));

for (const [name, states] of Object.entries(VISITS)) {
  test(`axe finds nothing, and nothing sticks out at 320 px: ${name}`, async ({ page }) => {
    await openWith(page, 'look', 'light');
    const size = page.viewportSize();
    for (const [state, reach] of Object.entries(states)) {
      await test.step(state, async () => {
        await reach(page);
        expect(await violations(page)).toEqual([]);
        await paint(page, 'dark');
        expect(await violations(page, ['color-contrast'])).toEqual([]); // all else is as it was
        await paint(page, 'light');
        await expectFits(page, 320);
        if (size !== null) await page.setViewportSize(size);
      });
    }
  });
}

/** Changes the look as the setting does it, without leaving what was reached. */
async function paint(page: Page, theme: string): Promise<void> {
  await page.evaluate(async (theme) => {
    document.documentElement.dataset['theme'] = theme;
    const running = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(running.map(({ finished }) => finished)); // colours on their way
  }, theme);
}

/** Opens the page with a setting made before. */
async function openWith(page: Page, name: string, value: string): Promise<void> {
  await page.addInitScript(
    ([key, text]) => {
      // The blank page that comes first may have no storage.
      if (location.protocol === 'http:') localStorage.setItem(key, text);
    },
    [`haulout.${name}`, value] as const,
  );
  await page.goto('./');
}

const WIDTHS = [360, 1280];

/** Nothing sticks out on a phone and on a desktop. */
async function expectFitsAll(page: Page): Promise<void> {
  for (const width of WIDTHS) await expectFits(page, width);
}

test('long words fit, and no text is outside of the catalog', async ({ page }) => {
  await openWith(page, 'language', 'en-XA');
  await expectFitsAll(page);
  expect(await plainTexts(page)).toEqual([]);
  const long = 'a'.repeat(2000); // "2 kB" has no word in it, "1 byte" has
  await dropFiles(page, [textFile('a.txt', long), textFile('b.txt', `${long}b`)]);
  await idsOnPage(page);
  await expectFitsAll(page);
  expect(await plainTexts(page)).toEqual([]);
  await openVerify(page);
  await dropFiles(page, [textFile('a.txt', long)]);
  await typeInto(page.getByRole('textbox'), 'A'.repeat(43));
  await expect(page.locator('[data-verdict]')).toBeVisible();
  await expectFitsAll(page);
  expect(await plainTexts(page)).toEqual([]);
});

test('right to left', async ({ page }) => {
  await openWith(page, 'language', 'ar-XB');
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await dropFiles(page, [textFile('a.txt', 'a'), textFile('b.txt', 'b')]);
  const ids = await idsOnPage(page);
  await expectFitsAll(page);
  // IDs stay left to right.
  const id = page.locator('[data-blob-id] bdi').first();
  await expect(id).toHaveAttribute('dir', 'ltr');
  await expect(id).toHaveText(`${ids['a.txt']?.slice(0, 6)}…${ids['a.txt']?.slice(-4)}`);
});

test('the look follows the device or the setting', async ({ page, browserName }) => {
  test.skip(browserName === 'firefox', 'the look of the device cannot be set there');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('./settings');
  const ground = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await ground()).toBe('rgb(10, 20, 26)');
  await page.getByText('Light', { exact: true }).click();
  await expect.poll(ground).toBe('rgb(243, 248, 250)');
  await page.reload();
  expect(await ground()).toBe('rgb(243, 248, 250)');
});

test('the look is the same in all tabs', async ({ page, context }) => {
  await page.goto('./');
  const other = await context.newPage();
  await other.goto('./settings');
  await other.getByText('Dark', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

for (const width of [320, 360]) {
  test(`the text can be twice as large, at ${width} px`, async ({ page }) => {
    await page.goto('./');
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    await expectFits(page, width);
    await dropFiles(page, [
      textFile('a.txt', 'a'),
      textFile('the long way home, once more.webm', 'b'),
    ]);
    await idsOnPage(page);
    await expectFits(page, width);
    expect(await cutOff(page)).toEqual([]);
    await page.getByRole('button', { name: 'More for a.txt' }).click();
    const menu = await page.getByRole('menu').boundingBox();
    expect((menu?.x ?? -1) >= 0 && (menu?.x ?? 0) + (menu?.width ?? width) <= width).toBe(true);
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await expect(page.locator('[data-undo]')).toBeVisible();
    expect(await tornWords(page, '[data-undo]')).toEqual([]);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    expect(await tornWords(page, '[role=dialog]')).toEqual([]);
  });
}

/** Parts of rows that stick out of their row. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[role=row]')].flatMap((row) => {
      const { left, right } = row.getBoundingClientRect();
      return [...row.querySelectorAll('bdi, button, p')]
        .filter((part) => {
          const box = part.getBoundingClientRect();
          return box.width > 0 && (box.left < left - 1 || box.right > right + 1);
        })
        .map((part) => part.outerHTML.slice(0, 100));
    }),
  );
}

/** Words of a part that are broken over two lines. */
function tornWords(page: Page, selector: string): Promise<string[]> {
  return page.evaluate((selector) => {
    const root = document.querySelector(selector);
    if (root === null) return ['nothing there'];
    const torn: string[] = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent ?? '';
      for (const { index, 0: word } of text.matchAll(/\p{L}+/gu)) {
        const range = document.createRange();
        range.setStart(walker.currentNode, index);
        range.setEnd(walker.currentNode, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) torn.push(word);
      }
    }
    return torn;
  }, selector);
}
