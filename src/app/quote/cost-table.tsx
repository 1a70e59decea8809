import type { NetworkFacts, Quote } from '../../flows/store/types.ts';
import { Amount } from '../parts/amount.tsx';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import { CostBar } from './cost-bar.tsx';
import css from './cost-table.module.css';

const c = classesOf(css);

/** Every amount and what it is for. WAL and SUI are never added up. */
export function CostTable({ quote, facts }: { quote: Quote; facts: NetworkFacts | undefined }) {
  const { say, formats } = useWords();
  const { cost } = quote;
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
          <td>
            <Amount of="wal" smallest={cost.storageFrost} />
          </td>
        </tr>
        <tr>
          <th scope="row">{say('quote.writeFee')}</th>
          <td>
            <Amount of="wal" smallest={cost.writeFrost} />
          </td>
        </tr>
        <tr>
          <td colSpan={2}>
            <CostBar
              parts={[
                { kind: 'most', amount: cost.storageFrost },
                { kind: 'more', amount: cost.writeFrost },
              ]}
            />
          </td>
        </tr>
        <tr className={c('total')}>
          <th scope="row">{say('quote.youPay')}</th>
          <td data-pay={String(cost.walFrost)}>
            <Amount of="wal" smallest={cost.walFrost} />
          </td>
        </tr>
        {cost.tipMist > 0n && (
          <tr>
            <th scope="row">{say('quote.tip')}</th>
            <td>
              <Amount of="sui" smallest={cost.tipMist} />
            </td>
          </tr>
        )}
        {cost.exchangeMist > 0n && (
          <tr>
            <th scope="row">{say('quote.exchange')}</th>
            <td>
              <Amount of="sui" smallest={cost.exchangeMist} />
            </td>
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
          <td>
            <Amount of="sui" smallest={cost.gasMist} isAbout />
          </td>
        </tr>
        <tr>
          <td colSpan={2}>
            <CostBar
              parts={[
                { kind: 'most', amount: cost.gasMist - cost.gasRefundableMist },
                { kind: 'more', amount: cost.tipMist },
                { kind: 'back', amount: cost.gasRefundableMist },
              ]}
            />
          </td>
        </tr>
      </tbody>
      <caption className={c('bound')}>
        {say('quote.atMost', {
          amount: say('money.wal', { amount: formats.amount(cost.walMaximumFrost, 'up') }),
        })}
      </caption>
    </table>
  );
}
