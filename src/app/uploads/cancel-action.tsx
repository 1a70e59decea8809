import { useState } from 'react';
import type { JobSnapshot, OpenJob } from '../../flows/store/types.ts';
import { Action } from '../parts/action.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';

/** Cancel, after a word on what that means for the money. */
export function CancelAction({ snapshot }: { snapshot: JobSnapshot | OpenJob }) {
  const { uploads } = useServices();
  const { say, formats } = useWords();
  const [isOpen, setOpen] = useState(false);
  const { jobId, paid, shown } = snapshot;
  const state = 'state' in snapshot ? snapshot.state : undefined;
  if (state === 'cancelled' || state === 'certifying') return null;
  const until = shown === undefined ? '' : formats.date(shown.endsMs);
  const meaning =
    paid === 'unknown'
      ? 'cancel.unknown'
      : paid === 'nothing'
        ? 'cancel.nothing'
        : shown?.deletable
          ? 'cancel.space'
          : 'cancel.permanent';
  return (
    <>
      <Action kind="quiet" onPress={() => setOpen(true)}>
        {say('upload.cancel')}
      </Action>
      <Sheet title={say('cancel.title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p>{say(meaning, { until })}</p>
        <Action
          onPress={() => {
            setOpen(false);
            void uploads.cancel(jobId);
          }}
        >
          {say(paid === 'paid' ? 'cancel.doPaid' : 'cancel.do')}
        </Action>
        <Action kind="quiet" onPress={() => setOpen(false)}>
          {say('cancel.keep')}
        </Action>
      </Sheet>
    </>
  );
}
