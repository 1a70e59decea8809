import { ProgressBar } from 'react-aria-components';
import { classesOf } from './classes.ts';
import css from './progress-line.module.css';

const c = classesOf(css);

interface ProgressLineProps {
  readonly label: string;
  /** 0 to 1 */
  readonly share: number;
  /** the value in words */
  readonly text: string;
  readonly tone?: 'work' | 'held' | 'done';
  readonly isThin?: boolean;
}

/** A bar that shows a share of work. */
export function ProgressLine({ label, share, text, tone = 'work', isThin }: ProgressLineProps) {
  return (
    <ProgressBar
      aria-label={label}
      value={Math.floor(share * 100)}
      valueLabel={text}
      className={`${c('track')} ${c(tone)} ${isThin ? c('thin') : ''}`}
    >
      <div className={c('fill')} style={{ inlineSize: `${(share * 100).toFixed(2)}%` }} />
    </ProgressBar>
  );
}
