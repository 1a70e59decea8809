import { useEffect, useState } from 'react';
import { Action } from '../parts/action.tsx';
import { useWords } from '../words.tsx';
import { askToKeep, isKept } from './kept-storage.ts';

/** Whether the browser has promised to keep what is here, and the way to ask for it. */
export function KeptLine() {
  const { say } = useWords();
  const [kept, setKept] = useState<boolean>();
  const [isRefused, setRefused] = useState(false);
  useEffect(() => void isKept().then(setKept), []);
  if (kept === undefined) return null;
  const ask = async () => {
    const answer = await askToKeep();
    setKept(answer === true);
    setRefused(answer === false);
  };
  return (
    <>
      <p data-kept={kept} role="status">
        {say(kept ? 'settings.keeps' : isRefused ? 'settings.keepsNot' : 'settings.mayClear')}
      </p>
      {!kept && <Action onPress={() => void ask()}>{say('settings.askToKeep')}</Action>}
    </>
  );
}
