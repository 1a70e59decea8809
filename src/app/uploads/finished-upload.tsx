import { useLocation } from 'wouter';
import type { OpenJob } from '../../flows/store/types.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { uploadPlace } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { FoundFiles } from './found-files.tsx';
import css from './found-upload.module.css';
import { MoneyLine } from './money-line.tsx';

const c = classesOf(css);

/** An upload that came to its end while no page showed it: its links are one press away. */
export function FinishedUpload({ found }: { found: OpenJob }) {
  const { uploads } = useServices();
  const { say } = useWords();
  const [, go] = useLocation();
  const { jobId } = found;
  const see = () => {
    void uploads.resume(jobId);
    go(uploadPlace(jobId));
  };
  return (
    <section className={`card ${c('found')}`} data-finished={jobId}>
      <FoundFiles files={found.files} />
      <p>{say('found.finished')}</p>
      <MoneyLine snapshot={found} isOver />
      <div className={c('actions')}>
        <Action kind="primary" onPress={see}>
          {say('found.seeLinks')}
        </Action>
      </div>
    </section>
  );
}
