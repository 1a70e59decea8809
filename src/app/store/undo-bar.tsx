import { type FocusEvent, useEffect, useState } from 'react';
import { clock } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Undo2, X } from '../parts/icons.ts';
import { useKeptFocus } from '../parts/use-kept-focus.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './undo-bar.module.css';
import { useQueue } from './use-queue.ts';

const c = classesOf(css);
const SHOWN_MS = 10_000;

/**
 * Offers to bring removed files back, for ten seconds; longer while it has focus or the pointer. An undone
 * removal gives way to the offer for the one before.
 */
export function UndoBar() {
  const removal = useQueue((view) => view.removal);
  const keepFocus = useKeptFocus();
  if (removal === undefined) return null;
  return <Offer key={removal.id} count={removal.files.length} onFocus={keepFocus} />;
}

interface OfferProps {
  readonly count: number;
  readonly onFocus: (event: FocusEvent) => void;
}

/** One removal, with ten seconds of its own. */
function Offer({ count, onFocus }: OfferProps) {
  const { say } = useWords();
  const { queue, live } = useServices();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const stop = new AbortController();
    clock.sleep(SHOWN_MS, stop.signal).then(
      () => queue.forgetRemoved(),
      () => {},
    );
    return () => stop.abort();
  }, [isHeld, queue]);
  const undo = () => live.say(say('undo.restored', { n: queue.undoRemove() }));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only waits longer while someone is there
    <div
      className={c('bar')}
      data-undo
      onFocus={(event) => {
        setHeld(true);
        onFocus(event);
      }}
      onBlur={() => setHeld(false)}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
    >
      <span className={c('text')}>{say('undo.removed', { n: count })}</span>
      <Action kind="secondary" onPress={undo}>
        <Icon of={Undo2} size={18} />
        {say('undo.undo')}
      </Action>
      <Action kind="icon" aria-label={say('undo.close')} onPress={() => queue.forgetRemoved()}>
        <Icon of={X} size={18} />
      </Action>
    </div>
  );
}
