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

/** How far something sticks out at the side, in px, and what it is. */
export async function overflow(page: Page): Promise<string[]> {
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

/** Nothing that axe finds, and nothing that sticks out of a narrow phone. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 720 });
  expect(await overflow(page)).toEqual([]);
  if (size !== null) await page.setViewportSize(size);
}
