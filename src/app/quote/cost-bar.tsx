import { classesOf } from '../parts/classes.ts';
import css from './cost-bar.module.css';

const c = classesOf(css);

export interface CostBarProps {
  /** what one currency is for: lengths are as the amounts; a part of nothing is left out */
  readonly parts: readonly { readonly kind: 'most' | 'more' | 'back'; readonly amount: bigint }[];
}

/** What the money buys, as lengths. The table around it says the same in words. */
export function CostBar({ parts }: CostBarProps) {
  return (
    <div className={c('bar')} aria-hidden="true">
      {parts.map(
        ({ kind, amount }) =>
          amount > 0n && (
            <span key={kind} className={c(kind)} style={{ flexGrow: Number(amount) }} />
          ),
      )}
    </div>
  );
}
