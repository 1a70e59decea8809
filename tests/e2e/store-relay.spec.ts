import { openWithWallet } from './dev-wallet.ts';
import { expect } from './fixtures.ts';
import { countingPayments } from './ledger.ts';
import { goOn, test } from './lives.ts';
import { useFileInputs as pickByInput } from './page-files.ts';
import { atRelayAnswer } from './store-holds.ts';
import {
  askPrice,
  expectDone,
  expectReadable,
  listen,
  payButton,
  photo,
  walletButton,
} from './store-steps.ts';

// At 13 shards no blob is so large that a relay would be the faster way.
test.use({
  isLocal: true,
  networkWords: ['--nodes', '5', '--shards', '40', '--tip', 'const:5000'],
  expectedProblems: [/Failed to load resource/, /blocked by CORS policy/],
});
test.describe.configure({ timeout: 240_000 });
test.skip(process.env['HAULOUT_SOAK'] !== '1', 'files that a relay is used for take long');

const BYTES = 18_000_000;

test('the relay dies in mid-upload: it is stored all the same, and paid once', async ({
  page,
  context,
  watch,
  localNetwork,
}) => {
  if (localNetwork === undefined) throw new Error('there is no network');
  await watch(context);
  await pickByInput(page);
  await openWithWallet(page, { answer: 'approve' });
  await askPrice(page, ['relayed.jpg'], BYTES);
  await expect(page.getByRole('row', { name: 'Tip of the relay' })).toBeVisible();
  const payments = countingPayments(localNetwork);
  const said = await listen(page);
  await localNetwork.admin.days.start('relay-dies');
  await payButton(page).click();
  await expect(page.locator('[data-done]')).toBeVisible({ timeout: 180_000 });
  await localNetwork.admin.days.clear();
  const lines = await said();
  expect(lines).toContainEqual(expect.stringMatching(/^A relay spreads the pieces/));
  expect(payments()).toBe(1);
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');
  await expectReadable(localNetwork, page, photo('relayed.jpg', BYTES));
});

test('killed at K14, the relay has sent it all and its answer is lost: the next browser ends it, paid once', async ({
  lives,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'it is Chromium that is killed');
  const { network } = lives;
  await lives.live(async (page) => {
    await askPrice(page, ['K14.jpg'], BYTES);
    await atRelayAnswer.prepare(network);
    await payButton(page).click();
    await atRelayAnswer.reached(network);
  });
  await lives.live(async (page) => {
    await goOn(page, 'K14.jpg', BYTES);
    await expectDone(page);
    await expectReadable(network, page, photo('K14.jpg', BYTES));
  });
  lives.expectPaidOnce(1, 1);
});
