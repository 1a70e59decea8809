import type { ReactNode } from 'react';
import type { NetworkFacts, Quote } from '../../flows/store/types.ts';
import { Amount } from '../parts/amount.tsx';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import { CostBar, type CostBarProps } from './cost-bar.tsx';
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
  const sui = (key: 'quote.tip' | 'quote.exchange' | 'quote.lent', smallest: bigint) =>
    smallest > 0n && (
      <Line title={say(key)}>
        <Amount of="sui" smallest={smallest} />
      </Line>
    );
  return (
    <table className={`${c('costs')} numeric`}>
      <tbody>
        <Line
          title={say('quote.space', {
            size: formats.bytes(encoded),
            periods: formats.count(periods),
          })}
        >
          <Amount of="wal" smallest={cost.storageFrost} />
        </Line>
        <Line title={say('quote.writeFee')}>
          <Amount of="wal" smallest={cost.writeFrost} />
        </Line>
        <BarLine
          parts={[
            { kind: 'most', amount: cost.storageFrost },
            { kind: 'more', amount: cost.writeFrost },
          ]}
        />
        <tr className={c('total')}>
          <th scope="row">{say('quote.youPay')}</th>
          <td data-pay={String(cost.walFrost)}>
            <Amount of="wal" smallest={cost.walFrost} />
          </td>
        </tr>
        {sui('quote.tip', cost.tipMist)}
        {sui('quote.exchange', cost.exchangeMist)}
        {sui('quote.lent', cost.stipendMist)}
        <Line
          title={say('quote.networkFee')}
          {...(cost.gasRefundableMist > 0n
            ? {
                hint: say('quote.refundable', {
                  amount: formats.amount(cost.gasRefundableMist, 'down'),
                }),
              }
            : {})}
        >
          <Amount of="sui" smallest={cost.gasMist} isAbout />
        </Line>
        <BarLine
          parts={[
            { kind: 'most', amount: cost.gasMist - cost.gasRefundableMist },
            { kind: 'more', amount: cost.tipMist },
            { kind: 'back', amount: cost.gasRefundableMist },
          ]}
        />
      </tbody>
      <caption className={c('bound')}>
        {say('quote.atMost', {
          amount: say('money.wal', { amount: formats.amount(cost.walMaximumFrost, 'up') }),
        })}
      </caption>
    </table>
  );
}

function Line(props: { title: string; hint?: string; children: ReactNode }) {
  const { title, hint, children } = props;
  return (
    <tr>
      <th scope="row">
        {title}
        {hint !== undefined && <span className={c('hint')}>{hint}</span>}
      </th>
      <td>{children}</td>
    </tr>
  );
}

function BarLine({ parts }: CostBarProps) {
  return (
    <tr>
      <td colSpan={2}>
        <CostBar parts={parts} />
      </td>
    </tr>
  );
}
