import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';

test.use({ isLocal: true });

test('the network shows who answers, on a good day and on a bad one', async ({ page, site }) => {
  await page.goto('./');
  await page.getByRole('link', { name: 'Network' }).click();
  await expect(page).toHaveURL(`${site.url}network`);
  const verdict = page.locator('[data-verdict]');
  await expect(verdict).toHaveAttribute('data-verdict', 'good');
  await expect(page.getByText(/, until about/)).toBeVisible();
  await expect(page.getByText(/^up, /)).toBeVisible();
  await expect(page.locator('[data-node=well]').first()).toBeVisible();
  await expectAccessible(page);

  const nodes = await page.locator('[data-node]').count();
  const bad = page.getByRole('radio', { name: /do not answer at all/ });
  await bad.focus();
  await page.keyboard.press('Space');
  await expect(page.locator('[data-day=one-third-down]')).toBeVisible();
  await expect(verdict).toHaveAttribute('data-verdict', 'some-silent', { timeout: 15_000 });
  expect(await page.locator('[data-node]').count()).toBe(nodes);
  await expect(page.locator('[data-node]').first()).toHaveAttribute('data-node', 'silent');
  await expect(page.getByRole('img', { name: 'Answered 1 of 2 times.' }).first()).toBeVisible();
  await expectAccessible(page);

  await page.getByText('Everything works.').click();
  await expect(verdict).toHaveAttribute('data-verdict', 'good', { timeout: 15_000 });
  await page.getByRole('button', { name: 'End the period now' }).click();
  await expect(page.locator('[data-day=""]')).toBeVisible();
});

test('other sites cannot break the network', async ({ request, site }) => {
  const asked = { data: { name: 'one-third-down' } };
  const path = `${site.url}local-network/day`;
  expect((await request.post(path, asked)).status()).toBe(403);
  const foreign = { ...asked, headers: { 'sec-fetch-site': 'same-site' } };
  expect((await request.post(path, foreign)).status()).toBe(403);
  const named = {
    ...asked,
    headers: { 'sec-fetch-site': 'same-origin', host: 'elsewhere.example' },
  };
  expect((await request.post(path, named)).status()).toBe(403);
  const { day, days } = await (await request.get(path)).json();
  expect([day, days.length > 5]).toEqual([null, true]);
});
