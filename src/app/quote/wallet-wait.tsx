import type { Quote } from '../../flows/store/types.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './wallet-wait.module.css';

const c = classesOf(css);

interface WalletWaitProps {
  readonly quote: Quote;
  readonly onCancel: () => void;
}

/** What the wallet shows should be the same as what stands here. */
export function WalletWait({ quote, onCancel }: WalletWaitProps) {
  const { say, formats } = useWords();
  const { cost, files } = quote;
  return (
    <div className={c('wait')} data-quote="in-wallet">
      <p className={`${c('amount')} numeric`}>
        {say('wallet.amounts', {
          wal: formats.amount(cost.walFrost, 'up'),
          sui: formats.amount(cost.gasMist, 'up'),
        })}
      </p>
      <p>{say('wallet.for', { n: files.length })}</p>
      <p className={c('hint')}>{say('wallet.compare')}</p>
      <p className={c('hint')}>{say('wallet.nothingPaid')}</p>
      <Action kind="quiet" onPress={onCancel}>
        {say('wallet.cancel')}
      </Action>
    </div>
  );
}
