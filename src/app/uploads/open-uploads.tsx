import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { uploadPlace } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { FinishedUpload } from './finished-upload.tsx';
import css from './found-upload.module.css';
import { FoundUpload } from './found-upload.tsx';
import { isUnpaid } from './upload.ts';
import { useUploads } from './use-uploads.ts';

const c = classesOf(css);

/** Above the drop area: uploads that can go on, and those that go on right now. */
export function OpenUploads() {
  const { uploads } = useServices();
  const { say } = useWords();
  const view = useUploads();
  const [isLater, setLater] = useState(false);
  useEffect(() => {
    if (!view.isRead) void uploads.read();
  }, [view.isRead, uploads]);
  const running = view.uploads.filter(({ seen, stored, cancelled }) => {
    const isUnderWay = seen !== undefined && seen.snapshot.paid !== 'nothing';
    return isUnderWay && stored === undefined && cancelled === undefined;
  });
  const all = view.uploads.filter(({ seen, found }) => {
    return seen === undefined && found !== undefined && !isUnpaid(found);
  });
  const found = all.filter((upload) => upload.found?.isFinished === false);
  const finished = all.flatMap(({ found }) => (found?.isFinished ? found : []));
  const readAgain = () => (
    <Action onPress={() => void uploads.read()}>{say('found.readAgain')}</Action>
  );
  if (view.trouble !== undefined) {
    return (
      <section className={c('open')} aria-label={say('found.label')}>
        <TroubleCard error={view.trouble} action={readAgain} />
      </section>
    );
  }
  if (running.length === 0 && (all.length === 0 || isLater)) return null;
  return (
    <section className={c('open')} aria-label={say('found.label')}>
      {running.map(({ jobId, seen }) => (
        <p key={jobId} className="card" data-running={jobId}>
          <Link href={uploadPlace(jobId)}>
            {say(seen?.snapshot.state === 'cancelled' ? 'found.givingUp' : 'found.running', {
              n: seen?.snapshot.files.length ?? 0,
            })}
          </Link>
        </p>
      ))}
      {finished.length > 0 && !isLater && (
        <>
          <h2>{say('found.finishedTitle', { n: finished.length })}</h2>
          {finished.map((each) => (
            <FinishedUpload key={each.jobId} found={each} />
          ))}
        </>
      )}
      {found.length > 0 && !isLater && (
        <>
          <h2>{say('found.title', { n: found.length })}</h2>
          {found.map((upload) => (
            <FoundUpload key={upload.jobId} upload={upload} />
          ))}
          <p className={c('actions')}>
            <span className="hint">{say('found.notTwice')}</span>
            <Action kind="quiet" onPress={() => setLater(true)}>
              {say('quote.notNow')}
            </Action>
          </p>
        </>
      )}
    </section>
  );
}
