import type { ReactNode } from 'react';
import { diagnosis, errorSentence, readingSentence } from '../../presentation/sentence.ts';
import { browserName, reloadPage, timestamp } from '../doors.ts';
import { useWords } from '../words.tsx';
import { Action } from './action.tsx';
import { classesOf } from './classes.ts';
import { CopyButton } from './copy-button.tsx';
import { needsReload } from './fetch-part.ts';
import { Icon } from './icon.tsx';
import { TriangleAlert } from './icons.ts';
import css from './trouble-card.module.css';

const c = classesOf(css);

interface TroubleCardProps {
  readonly error: unknown;
  readonly name?: string;
  /** button for what to do; gets the words for it */
  readonly action?: (label: string) => ReactNode;
  readonly isInRow?: boolean;
  /** whether what it is about was paid for; not if absent */
  readonly isPaid?: boolean | 'part';
  /** whether something was read, and nothing prepared or paid */
  readonly isReading?: boolean;
}

/** What happened, what is safe, what to do, where the trouble is. */
export function TroubleCard(props: TroubleCardProps) {
  const { error, name, action, isInRow, isPaid, isReading } = props;
  const { say, formats, tell } = useWords();
  const sentence = isReading
    ? readingSentence(error, formats, say)
    : errorSentence(error, formats, say, name, isPaid);
  const todo = tell(sentence.do);
  const isReload = needsReload(error);
  return (
    <div className={`${c('card')} ${isInRow ? c('inRow') : ''}`} data-error={codeOf(error)}>
      <span className={c('mark')}>
        <Icon of={TriangleAlert} />
      </span>
      <div className={c('words')}>
        <p className={c('happened')}>
          <bdi>{tell(sentence.happened)}</bdi>
        </p>
        <p className={c('safe')}>{tell(sentence.safe)}</p>
        {action === undefined && !isReload && <p className={c('safe')}>{todo}</p>}
        <div className={c('actions')}>
          {isReload ? <Action onPress={reloadPage}>{say('part.reload')}</Action> : action?.(todo)}
          <CopyButton
            kind="quiet"
            text={() => diagnosis(error, diagnosisContext())}
            done={say('copy.diagnosisDone')}
          >
            {say('copy.diagnosis')}
          </CopyButton>
        </div>
      </div>
    </div>
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'unknown';
}

/** Lines that help to understand a report and name nobody. */
function diagnosisContext(): string[] {
  return [`Haulout, ${timestamp()}`, browserName()];
}
