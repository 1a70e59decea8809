import { useLocation } from 'wouter';
import { pickFiles } from '../drop/pick-files.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { uploadPlace } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './found-upload.module.css';
import { MoneyLine } from './money-line.tsx';
import type { Upload } from './upload-desk.ts';

const c = classesOf(css);

/** An upload that an earlier page has begun: what was paid, what is here, and the way on. */
export function FoundUpload({ upload }: { upload: Upload }) {
  const { uploads } = useServices();
  const { say, formats } = useWords();
  const [, go] = useLocation();
  const { found, jobId, trouble } = upload;
  if (found === undefined) return null;
  const { files, missing, error } = found;
  const goOn = () => {
    void uploads.resume(jobId);
    go(uploadPlace(jobId));
  };
  const choose = async () => {
    const collected = await pickFiles({ multiple: true });
    const chosen: File[] = [];
    for await (const batch of collected?.batches ?? []) {
      chosen.push(...batch.map(({ file }) => file));
    }
    if (chosen.length === 0) return;
    await uploads.resume(jobId, chosen);
    if (uploads.upload(jobId)?.trouble === undefined) go(uploadPlace(jobId));
  };
  return (
    <section className={`card ${c('found')}`} data-found={jobId}>
      <p>
        {say('found.files', {
          n: files.length,
          name: files[0]?.name ?? say('error.aFile'),
          size: formats.bytes(files.reduce((sum, { bytes }) => sum + bytes, 0)),
        })}
      </p>
      <MoneyLine snapshot={found} />
      {missing.length > 0 && <p>{say('found.missing', { n: missing.length })}</p>}
      {error !== undefined && <TroubleCard error={error} />}
      {trouble !== undefined && <TroubleCard error={trouble} />}
      <div className={c('actions')}>
        {missing.length > 0 ? (
          <Action kind="primary" onPress={() => void choose()}>
            {say('found.choose')}
          </Action>
        ) : (
          <Action kind="primary" onPress={goOn} isDisabled={error !== undefined}>
            {say('found.continue')}
          </Action>
        )}
      </div>
    </section>
  );
}
