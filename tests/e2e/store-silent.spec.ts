import { expect, test } from './fixtures.ts';
import { countingPayments } from './ledger.ts';
import { atExecution, letAllGo, silentChain } from './store-holds.ts';
import { ANSWER, choose, openQuote, payButton, setWallet, walletButton } from './store-steps.ts';

test.use({ isLocal: true });
test.describe.configure({ timeout: 120_000 });

test('Sui is silent: cancelled at once as far as that goes, it says what is paid, and pays nothing twice', async ({
  page,
  localNetwork,
}) => {
  if (localNetwork === undefined) throw new Error('there is no network');
  await page.clock.install();
  await openQuote(page, ['silent.jpg'], { answer: 'approve' });
  const payments = countingPayments(localNetwork);
  const executed = atExecution(0, 'answer');
  await executed.prepare(localNetwork);
  await payButton(page).click();
  await executed.reached(localNetwork);
  await silentChain(localNetwork);
  const settling = page.locator('[data-upload=settling]');
  await expect(settling.locator('[data-paid=unknown]')).toContainText('ask for no money until');
  const slow = page.locator('[data-slow=chain]');
  await expect(slow).toHaveCount(0);
  await page.clock.fastForward(11_000);
  await expect(slow).toContainText('the Sui full node has not answered yet');

  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Cancel this upload?' });
  await expect(question).toContainText('not known yet whether the payment went through');
  await question.getByRole('button', { name: 'Cancel the upload' }).click();
  await expect(page.locator('[data-cancelling=unknown]')).toContainText(
    'Sui is asked first what became of the payment',
  );
  await expect(page.getByRole('button', { name: /^(Go on|Pause|Cancel|Pay)/ })).toHaveCount(0);
  await letAllGo(localNetwork);
  await expect(page.locator('[data-cancelled=space-kept]')).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('[data-cancelling], [data-error]')).toHaveCount(0);
  expect(payments()).toBe(1);
  await expect(walletButton(page)).toHaveAttribute('data-requests', '1');

  await page.getByRole('link', { name: 'Store', exact: true }).click();
  await choose(page, ['withdrawn.jpg']);
  await page.getByRole('button', { name: 'See the price' }).click();
  await expect(payButton(page)).toBeEnabled({ timeout: 20_000 });
  await setWallet(page, ANSWER, 'silent');
  await payButton(page).click();
  await expect(walletButton(page)).toHaveAttribute('data-requests', '2');
  await silentChain(localNetwork);
  await page.clock.fastForward(1_000);
  await page.getByRole('button', { name: 'Cancel this request' }).click();
  await expect(page.locator('[data-cancelling=nothing]')).toContainText(
    'What the wallet signs from now on is not sent',
  );
  await letAllGo(localNetwork);
  await expect(payButton(page)).toBeEnabled({ timeout: 30_000 });
  expect(payments()).toBe(1);
});
