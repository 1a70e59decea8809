import { test } from './fixtures.ts';
import { expectDone, expectReadable, pay, photo } from './store-steps.ts';

test.use({ isLocal: true });
test.describe.configure({ timeout: 120_000 });

test('from a drop to a link, with one approval', async ({ page, localNetwork }) => {
  await pay(page, ['beach.jpg']);
  await expectDone(page);
  await expectReadable(localNetwork, page, photo('beach.jpg'));
});
