import { readingReport } from '../../presentation/reading-report.ts';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { CalendarClock, ShieldCheck } from '../parts/icons.ts';
import { useWords } from '../words.tsx';
import type { BlobState, Shown } from './blob-state.ts';
import css from './blob-view.module.css';
import { MapPicture } from './map-picture.tsx';
import { isOnShow } from './shown-as.ts';

const c = classesOf(css);

/** What was verified of what is shown, from where it came, and until when it is stored. */
export function Report({ state, shown }: { readonly state: BlobState; readonly shown: Shown }) {
  const { say, formats, tell } = useWords();
  const { seen } = state;
  return (
    <section className={`card ${c('report')}`} aria-label={say('viewer.report')} data-report="">
      <p className={c('good')}>
        <Icon of={ShieldCheck} />
        {say(isOnShow(shown, seen) ? 'viewer.verified' : 'viewer.verifiedLater')}
      </p>
      {readingReport(seen, formats, say).map((line) => (
        <p key={line.key} data-line={line.key} className="numeric">
          {tell(line)}
        </p>
      ))}
      {seen.partCount > 0 && <MapPicture seen={seen} />}
      {shown.way === 'memory' && shown.url !== undefined && (
        <p className="hint">{say('viewer.inMemory')}</p>
      )}
      <Life state={state} />
    </section>
  );
}

function Life({ state: { object, life } }: { readonly state: BlobState }) {
  const { say, formats } = useWords();
  const words = () => {
    if (object !== undefined) {
      const date = formats.date(object.endsMs);
      if (object.endEpoch <= object.epoch) return say('viewer.ended', { date });
      return say('viewer.until', { date, period: formats.count(object.endEpoch) });
    }
    if (life?.endsMs !== undefined) {
      return say('viewer.untilNodes', { date: formats.date(life.endsMs) });
    }
    if (life?.status.kind === 'nonexistent') return say('viewer.untilOver');
    return life?.status.kind === 'deletable' ? say('viewer.untilDeletable') : undefined;
  };
  const text = words();
  if (text === undefined) return null;
  return (
    <p className={c('fact')} data-until="">
      <Icon of={CalendarClock} />
      {text}
    </p>
  );
}
