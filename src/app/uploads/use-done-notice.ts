import { useEffect, useState } from 'react';
import { canNotify, mayNotify, notify } from '../doors.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { isStored, type Upload } from './upload.ts';
import { useUploads } from './use-uploads.ts';

export interface DoneNotice {
  /** whether it can be asked for and was not yet */
  readonly isOffered: boolean;
  readonly isWanted: boolean;
  /** Call it in a click: the browser may ask the person. */
  want(): void;
}

/** One notification when an upload is stored, if it is asked for. */
export function useDoneNotice({ jobId, notice }: Upload): DoneNotice {
  const { uploads } = useServices();
  const [isPossible] = useState(canNotify); // asked once: the page's thread waits for the answer
  return {
    isOffered: notice === undefined && isPossible,
    isWanted: notice === 'wanted',
    want: () => void mayNotify().then((may) => uploads.notice(jobId, may ? 'wanted' : 'over')),
  };
}

/** Gives the notifications that were asked for, in whatever place the person is by then. */
export function DoneNotices(): null {
  const { uploads: desk } = useServices();
  const { say } = useWords();
  const { uploads } = useUploads();
  useEffect(() => {
    for (const { jobId, notice, seen } of uploads) {
      if (notice !== 'wanted' || !isStored(seen?.snapshot)) continue;
      desk.notice(jobId, 'over');
      notify(say('notice.title'), say('notice.text', { n: seen?.snapshot.files.length ?? 1 }));
    }
  }, [desk, uploads, say]);
  return null;
}
