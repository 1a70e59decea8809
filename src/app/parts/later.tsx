import { type ComponentType, createElement, useEffect, useState } from 'react';
import { useWords } from '../words.tsx';
import { Action } from './action.tsx';
import { fetchPart } from './fetch-part.ts';
import { TroubleCard } from './trouble-card.tsx';

/**
 * A part whose script is no part of the first screen. It is loaded when the part is first shown, or before by
 * `load`; until then nothing stands in its place.
 */
export function later<Props extends object>(fetch: () => Promise<ComponentType<Props>>) {
  let part: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const load = (isAgain = false) => {
    loading ??= fetchPart(fetch, isAgain).then(
      (fetched) => {
        part = fetched;
      },
      (error: unknown) => {
        loading = undefined; // asked for again when it is shown again, or when the person wants it
        throw error;
      },
    );
    return loading;
  };
  function Later(props: Props) {
    const [isHere, setHere] = useState(part !== undefined);
    const [error, setError] = useState<unknown>();
    const [tries, setTries] = useState(0);
    const { say } = useWords();
    // A sheet that is closed need not be there, and is asked for anew when it is opened.
    const isShown = !('isOpen' in props) || props.isOpen === true;
    useEffect(() => {
      setError(undefined);
      if (!isHere && isShown) load(tries > 0).then(() => setHere(true), setError);
    }, [isHere, isShown, tries]);
    if (part !== undefined) return createElement(part, props);
    if (error === undefined || !isShown) return null;
    const again = () => <Action onPress={() => setTries(tries + 1)}>{say('part.again')}</Action>;
    return <TroubleCard error={error} action={again} />;
  }
  return Object.assign(Later, { load: () => load() });
}
