import { useCallback } from 'react';
import { useBase } from './base.ts';
import { writeClipboard } from './doors.ts';
import { useMoment } from './parts/use-moment.ts';
import { useWords } from './words.tsx';

/** How the last try to copy went; undefined a moment later. */
export type Copied = 'done' | 'refused' | undefined;

const SHOWN_MS = 2000;

/** Copies a text, says aloud whether that worked, and tells it for a moment. */
export function useCopy(): [Copied, (text: string, done: string) => Promise<void>] {
  const { live } = useBase();
  const { say } = useWords();
  const [copied, show] = useMoment<'done' | 'refused'>(SHOWN_MS);
  const copy = useCallback(
    async (text: string, done: string) => {
      const isDone = await writeClipboard(text);
      live.say(isDone ? done : say('copy.refused'), isDone ? 'polite' : 'assertive');
      show(isDone ? 'done' : 'refused');
    },
    [live, say, show],
  );
  return [copied, copy];
}
