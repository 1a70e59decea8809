import { useEffect } from 'react';
import type { QueueView } from '../../flows/prepare-queue.ts';
import { doneShare } from '../../flows/queue-totals.ts';
import { clock } from '../doors.ts';
import { useServices } from '../services.ts';
import { useWords, type Words } from '../words.tsx';
import { announce } from './announcer.ts';
import { useQueueView } from './use-queue.ts';

/** Says aloud how all files go, and shows it in the title of the window. */
export function Announcements(): null {
  const { queue, live } = useServices();
  const words = useWords();
  const title = titleOf(useQueueView(), words);
  useEffect(() => announce(queue, live, clock, words), [queue, live, words]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}

function titleOf({ state, totals }: QueueView, { say, formats }: Words): string {
  if (state === 'settled' && totals.states.ready === totals.count) return say('app.titleReady');
  if (state !== 'preparing') return say('app.title');
  return say('app.titleProgress', { percent: formats.percent(doneShare(totals)) });
}
