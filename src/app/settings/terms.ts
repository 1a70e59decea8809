import type { JobTerms } from '../../engine/engine-api.ts';
import type { FixedTerms } from '../quote/quote-desk.ts';
import { settingNow } from './use-setting.ts';

/** What the settings say about a price. */
export function quoteTerms(): FixedTerms {
  return {
    approvals: settingNow('approvals') === 'two' ? 'two' : 'one',
    path: settingNow('sending') === 'nodes' ? 'direct' : 'auto',
  };
}

/** What the settings say about an upload. */
export function jobTerms(): JobTerms {
  return { waitsBeforeCertify: settingNow('approvals') === 'two' };
}
