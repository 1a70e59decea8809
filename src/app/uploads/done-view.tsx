import { Link } from 'wouter';
import type { JobSnapshot, StoredFile } from '../../flows/store/types.ts';
import { calendarEntry, reminderMs } from '../../presentation/reminder.ts';
import { clock, saveFile, timestamp } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { CalendarClock, CircleCheck } from '../parts/icons.ts';
import { useAfter } from '../parts/use-after.ts';
import { PLACES } from '../routes.ts';
import { useServices } from '../services.ts';
import { useShortLink } from '../use-short-link.ts';
import { useWords } from '../words.tsx';
import { DoneFile } from './done-file.tsx';
import css from './done-view.module.css';
import { linkTable } from './links.ts';
import { MoneyLine } from './money-line.tsx';

const c = classesOf(css);
/** By then all nodes have heard of a certificate. */
const HEARD_MS = 15_000;

interface DoneViewProps {
  readonly stored: readonly StoredFile[];
  readonly snapshot: JobSnapshot;
}

/** Stored, until when, and the links. */
export function DoneView({ stored, snapshot }: DoneViewProps) {
  const { say, formats } = useWords();
  const { network } = useServices();
  const { shown, state, jobId } = snapshot;
  const linked = stored.filter(({ error }) => error === undefined);
  const isBatch = stored.length > 1;
  const isHeard = useAfter(HEARD_MS);
  const linkOf = useShortLink();
  return (
    <section className={c('done')} data-done={state}>
      <p className={c('sentence')}>
        <Icon of={CircleCheck} />
        {shown === undefined
          ? say('state.certified')
          : say('done.until', { date: formats.date(shown.endsMs) })}
      </p>
      <MoneyLine snapshot={snapshot} isOver />
      {!isHeard && linked.length > 0 && state !== 'already-stored' && (
        <p className="hint">{say('done.soon')}</p>
      )}
      {isBatch && linked.length > 0 && (
        <div className={c('actions')}>
          <CopyButton
            kind="primary"
            text={() => linked.map(({ blobId }) => linkOf(blobId)).join('\n')}
            done={say('done.allCopied')}
          >
            {say('done.copyAll')}
          </CopyButton>
          <Action
            onPress={() => saveFile('stored.csv', 'text/csv', linkTable(network, linked, linkOf))}
          >
            {say('done.table')}
          </Action>
        </div>
      )}
      <ul className={c('files')}>
        {stored.map((file, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a batch never changes its order
          <DoneFile key={at} file={file} isOnly={!isBatch} />
        ))}
      </ul>
      <div className={c('actions')}>
        {shown !== undefined && reminderMs(shown.endsMs) > clock.wall() && remindAction(shown)}
      </div>
      <p>
        <Link href={PLACES.store}>{say('done.more')}</Link>
      </p>
    </section>
  );

  function remindAction({ endsMs }: { readonly endsMs: number }) {
    const date = formats.date(endsMs);
    const name = stored[0]?.name ?? say('error.aFile');
    const entry = () =>
      calendarEntry({
        ...{ id: jobId, endsMs, stamp: timestamp() },
        title: say('done.remindTitle', { n: stored.length, name, date }),
        text: say('done.remindText', { date }),
      });
    return (
      <Action onPress={() => saveFile('reminder.ics', 'text/calendar', entry())}>
        <Icon of={CalendarClock} size={18} />
        {say('done.remind', { date: formats.date(reminderMs(endsMs)) })}
      </Action>
    );
  }
}
