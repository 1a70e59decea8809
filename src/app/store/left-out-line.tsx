import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { TriangleAlert } from '../parts/icons.ts';
import { useWords } from '../words.tsx';
import css from './left-out-line.module.css';
import type { LeftOut } from './use-adding.ts';

const c = classesOf(css);

/** Says that not all files of the last adding came into the list, until the next one. */
export function LeftOutLine({ leftOut: { known, trouble } }: { leftOut: LeftOut }) {
  const { say } = useWords();
  return (
    <>
      {known > 0 && <p className={c('line')}>{say('batch.known', { n: known })}</p>}
      {trouble > 0 && (
        <p className={`${c('line')} ${c('trouble')}`}>
          <Icon of={TriangleAlert} size={18} />
          {say('batch.listingTrouble', { n: trouble })}
        </p>
      )}
    </>
  );
}
