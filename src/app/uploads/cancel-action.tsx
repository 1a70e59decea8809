import { useState } from 'react';
import type { JobSnapshot, OpenJob } from '../../flows/store/types.ts';
import { encodedLength } from '../../protocol/geometry.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Sheet } from '../parts/sheet.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './cancel-action.module.css';

const c = classesOf(css);

/** Cancel, after a word on what that means for the money. */
export function CancelAction({ snapshot }: { snapshot: JobSnapshot | OpenJob }) {
  const { uploads, network } = useServices();
  const { say, formats } = useWords();
  const [isOpen, setOpen] = useState(false);
  const { jobId, paid, shown, spent, files } = snapshot;
  const state = 'state' in snapshot ? snapshot.state : undefined;
  if (state === 'cancelled' || state === 'certifying') return null;
  const numbers = {
    until: shown === undefined ? '' : formats.date(shown.endsMs),
    wal: formats.amount(spent?.frost ?? shown?.walFrost ?? 0n, 'up'),
    size: formats.bytes(
      files.reduce((sum, { bytes }) => sum + encodedLength(bytes, network.shardCount), 0),
    ),
    sui: formats.amount(shown?.gasRefundableMist ?? 0n, 'down'),
  };
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
        <p data-meaning={meaning}>{say(meaning, numbers)}</p>
        <div className={c('actions')}>
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
        </div>
      </Sheet>
    </>
  );
}
