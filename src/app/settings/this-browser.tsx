import { useEffect, useState } from 'react';
import type { OpenJob } from '../../flows/store/types.ts';
import { forgetDevice, keptBytes } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Sheet } from '../parts/sheet.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useServices } from '../services.ts';
import { isUnpaid } from '../uploads/upload.ts';
import { useWords } from '../words.tsx';
import { ExportAction } from './export-action.tsx';
import { KeptLine } from './kept-line.tsx';
import css from './settings-place.module.css';

const c = classesOf(css);

/** What this browser keeps, and how all of it is removed: not while an upload still needs it. */
export function ThisBrowser() {
  const { say, formats } = useWords();
  const { uploads, engine } = useServices();
  const [bytes, setBytes] = useState<number>();
  const [isAsking, setAsking] = useState(false);
  /** uploads that need what is kept, as just read; undefined until then */
  const [open, setOpen] = useState<{ readonly here: number; readonly elsewhere: number }>();
  const [error, setError] = useState<unknown>();
  useEffect(() => void keptBytes().then(setBytes), []);
  useEffect(() => {
    setOpen(undefined);
    setError(undefined);
    if (!isAsking) return;
    // What is damaged can never be finished, and needs nothing.
    const isNeeded = (job: OpenJob) => !isUnpaid(job) && !job.isFinished && job.error === undefined;
    const count = async () => {
      const jobs = await uploads.read();
      const elsewhere = await (await engine.engine()).openElsewhere();
      if (jobs !== undefined) setOpen({ here: jobs.filter(isNeeded).length, elsewhere });
    };
    count().catch(setError);
  }, [isAsking, uploads, engine]);
  const mayForget = open !== undefined && open.here + open.elsewhere === 0;
  return (
    <div className={`card ${c('stack')}`}>
      <h2>{say('settings.browser')}</h2>
      {bytes !== undefined && <p>{say('settings.used', { size: formats.bytes(bytes) })}</p>}
      <KeptLine />
      <ExportAction />
      <Action onPress={() => setAsking(true)}>{say('settings.forget')}</Action>
      <Sheet title={say('settings.forget')} isOpen={isAsking} onClose={() => setAsking(false)}>
        {open !== undefined && open.here > 0 && (
          <p>{say('settings.forgetOpen', { n: open.here })}</p>
        )}
        {open !== undefined && open.elsewhere > 0 && (
          <p>{say('settings.forgetElsewhere', { n: open.elsewhere })}</p>
        )}
        {mayForget && <p>{say('settings.forgetWhat')}</p>}
        {error !== undefined && <TroubleCard error={error} />}
        <Action isDisabled={!mayForget} onPress={() => void forgetDevice().catch(setError)}>
          {say('settings.forgetDo')}
        </Action>
      </Sheet>
    </div>
  );
}
