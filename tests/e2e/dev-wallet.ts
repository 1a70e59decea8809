import type { Page } from '@playwright/test';
import type { KeptState } from '../../src/dev-wallet/kept-state.ts';

/** Opens the start with a development wallet that has been set so; what it keeps later stays as it is. */
export async function openWithWallet(page: Page, state: Partial<KeptState> = {}): Promise<void> {
  await page.addInitScript((kept) => {
    // Not on the empty page before it, which has no storage.
    if (location.protocol === 'http:') localStorage['haulout-dev-wallet'] ??= kept;
  }, JSON.stringify(state));
  await page.goto('./');
}
