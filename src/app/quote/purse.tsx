import type { HauloutError } from '../../protocol/errors.ts';
import { Action } from '../parts/action.tsx';
import { Amount } from '../parts/amount.tsx';
import { classesOf } from '../parts/classes.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './pay-bar.module.css';
import type { QuoteView } from './quote-desk.ts';

const c = classesOf(css);

/** What the wallet holds, what it lacks, and whether the price is another than a moment ago. */
export function Purse({ view }: { view: QuoteView }) {
  const { say } = useWords();
  const { made, before, balances } = view;
  if (made === undefined) return null;
  const { payer, cost, conditions } = made.quote;
  const shown = conditions.filter(({ code }) => code !== 'wallet-missing');
  return (
    <>
      {before !== undefined && before.payer === payer && (
        <p className={c('changed')} data-changed role="status">
          {say('quote.changed')} <s>{<Amount of="wal" smallest={before.cost.walFrost} />}</s>{' '}
          <strong>
            <Amount of="wal" smallest={cost.walFrost} />
          </strong>
        </p>
      )}
      {shown.map((error) => (
        <Short key={error.code} error={error} />
      ))}
      {balances !== undefined && (
        <p className={c('hint')} data-balance>
          {say('quote.balance')} <Amount of="wal" smallest={balances.walFrost} rounding="down" />,{' '}
          <Amount of="sui" smallest={balances.suiMist} rounding="down" />
        </p>
      )}
    </>
  );
}

/** What stands in the way of paying; WAL can be had for SUI where neither is worth anything. */
function Short({ error }: { error: HauloutError }) {
  const { say } = useWords();
  const { quote, network } = useServices();
  const canSwap = error.code === 'wal-short' && network.name !== 'mainnet';
  const swap = () => <Action onPress={() => quote.swap()}>{say('quote.swap')}</Action>;
  return <TroubleCard error={error} {...(canSwap ? { action: swap } : {})} />;
}
