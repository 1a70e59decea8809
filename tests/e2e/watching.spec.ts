import { test } from './fixtures.ts';

/** Each of these must be caught: a test that does it fails, and that is what is expected here. */
const misdeeds = {
  'logs an error': () => console.error('an error'),
  'throws outside of any handler': () => {
    setTimeout(() => {
      throw new Error('thrown');
    });
  },
  'sets markup from a string': () => {
    try {
      document.body.innerHTML = '<b>markup</b>';
    } catch {
      // the policy's report is what counts
    }
  },
  'asks another origin': () => {
    new Image().src = 'https://example.invalid/picture.png';
  },
};

// Two outside of the soak: what the policy reports, and what is asked for.
const some = process.env['HAULOUT_SOAK'] === '1' ? /./ : /markup|origin/;

for (const [name, misdeed] of Object.entries(misdeeds)) {
  if (!some.test(name)) continue;
  test(`a page that ${name} fails its test`, async ({ page }) => {
    test.fail();
    await page.goto('./');
    await page.evaluate(misdeed);
    await page.waitForTimeout(300);
  });
}
