import type { PresetName } from '../../src/devnet/presets.ts';
import { openWithWallet } from './dev-wallet.ts';
import { expect, test } from './fixtures.ts';
import { countingPayments } from './ledger.ts';
import { useFileInputs as pickByInput } from './page-files.ts';
import { askPrice, expectReadable, listen, payButton, photo } from './store-steps.ts';

test.use({
  isLocal: true,
  expectedProblems: [/Failed to load resource/, /blocked by CORS policy/],
});
test.describe.configure({ timeout: 240_000 });

const SOAK = process.env['HAULOUT_SOAK'] === '1';

interface Day {
  /** whether nodes are still being served when the links are there already */
  readonly hasTail?: boolean;
  /** what is said on the way; a few nodes that fail are not worth a word */
  readonly says: readonly RegExp[];
  readonly bytes?: number;
}

/** All but the one that is about relays, see store-relay.spec.ts. */
const DAYS: Readonly<Record<Exclude<PresetName, 'relay-dies'>, Day>> = {
  'one-third-down': { says: [/^[\d]+ of 13 shares have their pieces/], hasTail: true },
  'slow-third': { says: [/^[\d]+ of 13 shares have their pieces/] },
  liars: { says: [/Enough is sent. Nodes sign for it now/] },
  flaky: { says: [/^[\d]+ of 13 shares have their pieces/] },
  'epoch-change-mid-upload': { says: [/A new period has begun/], bytes: 2_000_000 },
  'chain-lag': { says: [/Waiting for Sui to confirm/] },
  storm: { says: [/Waiting for Sui to confirm/] },
};
const OFTEN = 'one-third-down';

for (const [name, { says, bytes, hasTail = false }] of Object.entries(DAYS)) {
  if (!SOAK && name !== OFTEN) continue;
  test(`a bad day, ${name}: it is stored, paid once, and what happens is said`, async ({
    page,
    localNetwork,
  }) => {
    if (localNetwork === undefined) throw new Error('there is no network');
    const { days } = localNetwork.admin;
    const file = `${name}.jpg`;
    await pickByInput(page);
    await openWithWallet(page, { answer: 'approve' });
    await askPrice(page, [file], bytes);
    const payments = countingPayments(localNetwork);
    const said = await listen(page);
    await days.start(name as PresetName);
    // A full node that is behind may not know the coins of a new wallet yet, and then they cannot be used.
    await expect(async () => {
      await payButton(page).click({ timeout: 1_000 });
      await expect(page.locator('[data-upload]')).toBeVisible({ timeout: 10_000 });
    }).toPass({ timeout: 60_000 });
    const done = page.locator(hasTail ? '[data-done=topping-up]' : '[data-done]');
    await expect(done).toBeVisible({ timeout: 120_000 });
    await days.clear();
    expect(payments()).toBe(1);
    const lines = await said();
    for (const line of says) expect(lines).toContainEqual(expect.stringMatching(line));
    expect(lines).not.toContainEqual(
      expect.stringMatching(/\b0 of the 0\b|of 0 bytes|\b0\.00 WAL/),
    );
    await expectReadable(localNetwork, page, photo(file, bytes));
  });
}
