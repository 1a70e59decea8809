import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './quorum-meter.module.css';

const c = classesOf(css);

/** All in shards, `held` with `confirmed` in it. */
interface QuorumMeterProps {
  readonly confirmed: number;
  readonly held: number;
  readonly need: number;
  readonly total: number;
}

/** How many shares there are, how many have their pieces, and the mark they have to reach. */
export function QuorumMeter({ confirmed, held, need, total }: QuorumMeterProps) {
  const { say, formats } = useWords();
  const percent = (shards: number) => `${((shards / Math.max(1, total)) * 100).toFixed(2)}%`;
  return (
    <div className={c('meter')}>
      <div className={c('track')}>
        <div className={c('held')} style={{ inlineSize: percent(held) }} />
        <div className={c('confirmed')} style={{ inlineSize: percent(confirmed) }} />
        <div className={c('tick')} style={{ insetInlineStart: percent(need) }} />
      </div>
      <span className={`${c('label')} numeric`} style={{ inlineSize: percent(need) }}>
        {say('nodes.needed', { need: formats.count(need) })}
      </span>
    </div>
  );
}
