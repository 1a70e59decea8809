import { useLocation } from 'wouter';
import { permitHandles } from '../drop/permit-handles.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { uploadPlace } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { CancelAction } from './cancel-action.tsx';
import { ChooseAgain } from './choose-again.tsx';
import { FoundFiles } from './found-files.tsx';
import css from './found-upload.module.css';
import { MoneyLine } from './money-line.tsx';
import { TakeOver } from './take-over.tsx';
import { isElsewhere, type Upload } from './upload.ts';

const c = classesOf(css);

/** An upload that an earlier page has begun: what was paid, what is here, and the way on. */
export function FoundUpload({ upload }: { upload: Upload }) {
  const { uploads } = useServices();
  const { say, formats } = useWords();
  const [, go] = useLocation();
  const { found, jobId, trouble } = upload;
  if (found === undefined) return trouble === undefined ? null : <TroubleCard error={trouble} />;
  const { files, missing, handles, error, paid, sentShare, isGivenUp } = found;
  const goThere = () => go(uploadPlace(jobId));
  const goOn = async () => {
    await permitHandles(handles);
    void uploads.resume(jobId);
    goThere();
  };
  const giveUp = () => {
    void uploads.cancel(jobId);
    goThere();
  };
  return (
    <section className={`card ${c('found')}`} data-found={jobId}>
      <FoundFiles files={files} />
      <MoneyLine snapshot={found} />
      {isGivenUp && <p>{say('found.givenUp')}</p>}
      {paid === 'paid' && !isGivenUp && (
        <p data-sent={sentShare}>{say('found.sent', { share: formats.percent(sentShare) })}</p>
      )}
      {missing.length > 0 && !isGivenUp && <p>{say('found.missing', { n: missing.length })}</p>}
      {error !== undefined && <TroubleCard error={error} />}
      {trouble !== undefined && <TroubleCard error={trouble} />}
      <div className={c('actions')}>
        {isElsewhere(upload) ? (
          <TakeOver jobId={jobId} />
        ) : isGivenUp ? (
          <Action kind="primary" onPress={giveUp}>
            {say('found.giveUp')}
          </Action>
        ) : missing.length > 0 ? (
          <ChooseAgain jobId={jobId} onGone={goThere}>
            {say('found.choose')}
          </ChooseAgain>
        ) : (
          <Action kind="primary" onPress={() => void goOn()} isDisabled={error !== undefined}>
            {say('found.continue')}
          </Action>
        )}
        {!isElsewhere(upload) && !isGivenUp && <CancelAction snapshot={found} />}
      </div>
    </section>
  );
}
