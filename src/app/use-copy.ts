import { useCallback } from 'react';
import { writeClipboard } from './doors.ts';
import { useServices } from './services.ts';
import { useWords } from './words.tsx';

/** Copies a text and says aloud whether that worked. */
export function useCopy(): (text: string, done: string) => Promise<boolean> {
  const { live } = useServices();
  const { say } = useWords();
  return useCallback(
    async (text, done) => {
      const isDone = await writeClipboard(text);
      live.say(isDone ? done : say('copy.refused'), isDone ? 'polite' : 'assertive');
      return isDone;
    },
    [live, say],
  );
}
