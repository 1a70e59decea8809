import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

type Axe = typeof axe;

/** What axe has against the page as it is now, by all its rules or the ones that are named. */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (runOnly) => (window as unknown as { axe: Axe }).axe.run({ ...(runOnly && { runOnly }) }),
    rules,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}

/** What sticks out of the page at the side. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll('main *, header *, nav *')]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return right > room + 1 || left < -1;
      })
      .map((element) => `${element.tagName} ${element.className}`)
      .slice(0, 5);
  });
}

/** Nothing sticks out of a window of this width, once lists that measure themselves have done so. */
export async function expectFits(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 720 });
  await expect.poll(() => overflow(page), { timeout: 5_000, message: `${width} px` }).toEqual([]);
}

/** Nothing that axe finds, and nothing that sticks out of a narrow phone. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
  const size = page.viewportSize();
  await expectFits(page, 320);
  if (size !== null) await page.setViewportSize(size);
}

/** Texts of the page that did not go through the catalog: in `en-XA` every message has an accent. */
export function plainTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { textContent, parentElement } = walker.currentNode;
      const isForeign =
        parentElement?.closest('[translate=no], bdi, kbd, script, dd, textarea') !== null;
      const text = textContent?.trim() ?? '';
      if (!isForeign && /[A-Za-z]{4,}/.test(text) && !/[À-ž~]/.test(text)) texts.push(text);
    }
    return texts;
  });
}
