import type { NetworkFacts, Quote } from '../../flows/store/types.ts';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './cost-table.module.css';

const c = classesOf(css);

/** Every amount and what it is for. WAL and SUI are never added up. */
export function CostTable({ quote, facts }: { quote: Quote; facts: NetworkFacts | undefined }) {
  const { say, formats } = useWords();
  const { cost } = quote;
  const wal = (frost: bigint) => say('money.wal', { amount: formats.amount(frost, 'up') });
  const sui = (mist: bigint) => say('money.sui', { amount: formats.amount(mist, 'up') });
  const encoded = quote.files
    .filter(({ standing }) => standing === 'new')
    .reduce((sum, { encodedBytes }) => sum + encodedBytes, 0);
  const periods = facts === undefined ? 0 : quote.endEpoch - facts.epoch;
  return (
    <table className={`${c('costs')} numeric`}>
      <tbody>
        <tr>
          <th scope="row">
            {say('quote.space', { size: formats.bytes(encoded), periods: formats.count(periods) })}
          </th>
          <td>{wal(cost.storageFrost)}</td>
        </tr>
        <tr>
          <th scope="row">{say('quote.writeFee')}</th>
          <td>{wal(cost.writeFrost)}</td>
        </tr>
        <tr className={c('total')}>
          <th scope="row">{say('quote.youPay')}</th>
          <td data-pay={String(cost.walFrost)}>{wal(cost.walFrost)}</td>
        </tr>
        {cost.tipMist > 0n && (
          <tr>
            <th scope="row">{say('quote.tip')}</th>
            <td>{sui(cost.tipMist)}</td>
          </tr>
        )}
        {cost.exchangeMist > 0n && (
          <tr>
            <th scope="row">{say('quote.exchange')}</th>
            <td>{sui(cost.exchangeMist)}</td>
          </tr>
        )}
        <tr>
          <th scope="row">
            {say('quote.networkFee')}
            {cost.gasRefundableMist > 0n && (
              <span className={c('hint')}>
                {say('quote.refundable', {
                  amount: formats.amount(cost.gasRefundableMist, 'down'),
                })}
              </span>
            )}
          </th>
          <td>{say('quote.about', { amount: sui(cost.gasMist) })}</td>
        </tr>
      </tbody>
      <caption className={c('bound')}>
        {say('quote.atMost', { amount: wal(cost.walMaximumFrost) })}
      </caption>
    </table>
  );
}
