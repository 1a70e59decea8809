import type { JobTerms } from '../../engine/engine-api.ts';
import type { FixedTerms } from '../quote/quote-desk.ts';
import { settingNow } from './use-setting.ts';

/** What the settings say about a price. */
export function quoteTerms(): FixedTerms {
  return {
    approvals: settingNow('approvals') === 'two' ? 'two' : 'one',
    path: settingNow('sending') === 'nodes' ? 'direct' : 'auto',
    tipCapMist: tipCap(settingNow('tipCap')),
  };
}

/** The most that a relay may be given, in MIST: about what a few pictures cost. */
const TIP_CAP_MIST = 10_000_000n;

/** @param setting MIST as decimal text */
export function tipCap(setting: string | undefined): bigint {
  return setting !== undefined && /^\d{1,18}$/.test(setting) ? BigInt(setting) : TIP_CAP_MIST;
}

/** What the settings say about an upload. */
export function jobTerms(): JobTerms {
  return { waitsBeforeCertify: settingNow('approvals') === 'two' };
}
