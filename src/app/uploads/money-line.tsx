import type { JobSnapshot, OpenJob } from '../../flows/store/types.ts';
import { useWords } from '../words.tsx';

/** What happened to the person's money so far, as the chain tells it. */
export function MoneyLine({
  snapshot,
}: {
  snapshot: Pick<JobSnapshot | OpenJob, 'paid' | 'shown' | 'spent'>;
}) {
  const { say, formats } = useWords();
  const { paid, shown, spent } = snapshot;
  const until = shown === undefined ? '' : formats.date(shown.endsMs);
  if (paid === 'paid' && spent !== undefined) {
    return (
      <p className="hint" data-paid="paid">
        {say('money.paid', { amount: formats.amount(spent.frost, 'up'), until })}
      </p>
    );
  }
  return (
    <p className="hint" data-paid={paid}>
      {say(paid === 'unknown' ? 'money.unknown' : 'money.nothing')}
    </p>
  );
}
