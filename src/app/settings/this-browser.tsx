import { useEffect, useState } from 'react';
import type { OpenJob } from '../../flows/store/types.ts';
import { forgetDevice, keptBytes } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useServices } from '../services.ts';
import { isUnpaid } from '../uploads/upload.ts';
import { useWords } from '../words.tsx';
import { KeptLine } from './kept-line.tsx';

/** What this browser keeps, and how all of it is removed: not while an upload still needs it. */
export function ThisBrowser() {
  const { say, formats } = useWords();
  const { uploads } = useServices();
  const [bytes, setBytes] = useState<number>();
  const [isAsking, setAsking] = useState(false);
  /** uploads that need what is kept, as just read; undefined until then */
  const [open, setOpen] = useState<number>();
  const [error, setError] = useState<unknown>();
  useEffect(() => void keptBytes().then(setBytes), []);
  useEffect(() => {
    setOpen(undefined);
    setError(undefined);
    if (!isAsking) return;
    const count = (jobs: readonly OpenJob[] | undefined) =>
      // What is damaged can never be finished, and needs nothing.
      setOpen(jobs?.filter((job) => !isUnpaid(job) && job.error === undefined).length);
    void uploads.read().then(count);
  }, [isAsking, uploads]);
  return (
    <div className="card">
      <h2>{say('settings.browser')}</h2>
      {bytes !== undefined && <p>{say('settings.used', { size: formats.bytes(bytes) })}</p>}
      <KeptLine />
      <Action onPress={() => setAsking(true)}>{say('settings.forget')}</Action>
      <Sheet title={say('settings.forget')} isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>
          {open !== undefined && open > 0
            ? say('settings.forgetOpen', { n: open })
            : say('settings.forgetWhat')}
        </p>
        {error !== undefined && <TroubleCard error={error} />}
        <Action isDisabled={open !== 0} onPress={() => void forgetDevice().catch(setError)}>
          {say('settings.forgetDo')}
        </Action>
      </Sheet>
    </div>
  );
}
