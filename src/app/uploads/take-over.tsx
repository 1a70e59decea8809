import { useEffect, useState } from 'react';
import { Action } from '../parts/action.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';

/** Under what another tab works on: this one follows it, and can go on instead. */
export function TakeOver({ jobId }: { jobId: string }) {
  const { uploads } = useServices();
  const { say } = useWords();
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    void uploads.follow(jobId, stop.signal);
    return () => stop.abort();
  }, [jobId, uploads]);
  const take = () => {
    setAsking(true);
    void uploads.takeOver(jobId).finally(() => setAsking(false));
  };
  return (
    <>
      <p className="hint" data-elsewhere={jobId}>
        {say('found.elsewhere')}
      </p>
      <Action onPress={take} isDisabled={isAsking}>
        {say('found.takeOver')}
      </Action>
    </>
  );
}
