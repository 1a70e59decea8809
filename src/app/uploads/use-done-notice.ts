import { useEffect, useState } from 'react';
import type { JobSnapshot } from '../../flows/store/types.ts';
import { canNotify, mayNotify, notify } from '../doors.ts';
import { useWords } from '../words.tsx';

export interface DoneNotice {
  /** whether it can be asked for and was not yet */
  readonly isOffered: boolean;
  readonly isWanted: boolean;
  /** Call it in a click: the browser may ask the person. */
  want(): void;
}

/** One notification when an upload is stored, if it was asked for. */
export function useDoneNotice(snapshot: JobSnapshot | undefined): DoneNotice {
  const { say } = useWords();
  const [wish, setWish] = useState<'none' | 'wanted' | 'refused'>('none');
  const state = snapshot?.state;
  const isStored = state === 'certified' || state === 'topping-up';
  const count = snapshot?.files.length ?? 0;
  useEffect(() => {
    if (wish !== 'wanted' || !isStored) return;
    setWish('none');
    notify(say('notice.title'), say('notice.text', { n: count }));
  }, [wish, isStored, count, say]);
  return {
    isOffered: wish === 'none' && canNotify(),
    isWanted: wish === 'wanted',
    want: () => void mayNotify().then((may) => setWish(may ? 'wanted' : 'refused')),
  };
}
