import type { JobSnapshot, OpenJob } from '../../flows/store/types.ts';
import { useWords } from '../words.tsx';

interface MoneyLineProps {
  readonly snapshot: Pick<JobSnapshot | OpenJob, 'paid' | 'shown' | 'spent'>;
  /** nothing comes back any more: the fees are told, too */
  readonly isOver?: boolean;
}

/** What happened to the person's money so far, as the chain tells it. */
export function MoneyLine({ snapshot, isOver = false }: MoneyLineProps) {
  const { say, formats } = useWords();
  const { paid, shown, spent } = snapshot;
  const until = shown === undefined ? '' : formats.date(shown.endsMs);
  if (paid === 'nothing' && spent !== undefined) {
    return (
      <p className="hint" data-paid="nothing" data-mist={`${spent.mist}`}>
        {say('money.onlyFee', { sui: formats.amount(spent.mist, 'up') })}
      </p>
    );
  }
  if (paid !== 'paid') {
    return (
      <p className="hint" data-paid={paid}>
        {say(paid === 'unknown' ? 'money.unknown' : 'money.nothing')}
      </p>
    );
  }
  if (spent === undefined) {
    const amount = formats.amount(shown?.walMaximumFrost ?? 0n, 'up');
    return (
      <p className="hint" data-paid="paid">
        {say(shown === undefined ? 'money.paidUntold' : 'money.paidAtMost', { amount, until })}
      </p>
    );
  }
  const amount = formats.amount(spent.frost, 'up');
  const sui = formats.amount(spent.mist, 'up');
  return (
    <p className="hint" data-paid="paid" data-frost={`${spent.frost}`} data-mist={`${spent.mist}`}>
      {say(isOver ? 'money.paidAll' : 'money.paid', { amount, sui, until })}
    </p>
  );
}
