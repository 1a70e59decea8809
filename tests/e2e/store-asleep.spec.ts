import { expect } from './fixtures.ts';
import { test } from './lives.ts';
import { atConfirmation, letAllGo } from './store-holds.ts';
import { askPrice, expectDone, expectReadable, payButton, photo } from './store-steps.ts';

test.use({ isLocal: true });
test.describe.configure({ timeout: 400_000 });
test.skip(({ browserName }) => browserName !== 'chromium', 'it is Chromium that is stopped');
test.skip(process.env['HAULOUT_SOAK'] !== '1', 'only the soak sleeps for minutes');

/** What is shorter might be a hidden page, whose timers come once a minute. */
const ASLEEP_MS = 200_000;

test('asleep in mid-upload while the period ends: it says for how long, and goes on by itself, paid once', async ({
  lives,
}) => {
  const { network } = lives;
  const file = 'asleep.jpg';
  await lives.live(async (page) => {
    await askPrice(page, [file]);
    await atConfirmation.prepare(network);
    await payButton(page).click();
    await atConfirmation.reached(network);
    await expect(page.locator('[data-upload=uploading]')).toBeVisible();
    lives.browser.stop();
    // Nodes drop whoever does not listen any more, and the period ends.
    await letAllGo(network);
    for (const node of network.network.nodes) await node.restart();
    await network.network.epochs.advance();
    await new Promise((resolve) => setTimeout(resolve, ASLEEP_MS));
    await atConfirmation.prepare(network); // so that what it says can be read
    lives.browser.goOn();
    await expect(page.getByText(/Picking up after \d+ min/)).toBeVisible({ timeout: 60_000 });
    await letAllGo(network);
    await expectDone(page);
    await expectReadable(network, page, photo(file));
  });
  lives.expectPaidOnce(1);
});
