import { useWords } from '../words.tsx';

interface AmountProps {
  readonly of: 'wal' | 'sui';
  /** FROST or MIST */
  readonly smallest: bigint;
  /** prices go up, which is what is meant if absent; balances go down */
  readonly rounding?: 'up' | 'down';
  readonly isAbout?: boolean;
}

/** An amount in short; all of its digits show under the pointer. */
export function Amount({ of, smallest, rounding = 'up', isAbout = false }: AmountProps) {
  const { say, formats } = useWords();
  const text = (amount: string) => say(`money.${of}`, { amount });
  const short = text(formats.amount(smallest, rounding));
  return (
    <span
      className="numeric"
      title={text(formats.exactAmount(smallest))}
      data-amount={`${smallest}`}
    >
      {isAbout ? say('quote.about', { amount: short }) : short}
    </span>
  );
}
