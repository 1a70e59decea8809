import { type ComponentType, createElement, useEffect, useState } from 'react';
import { HauloutError } from '../../protocol/errors.ts';
import { useWords } from '../words.tsx';
import { Action } from './action.tsx';
import { TroubleCard } from './trouble-card.tsx';

/**
 * A part whose script is no part of the first screen. It is loaded when the part is first shown, or before by
 * `load`; until then nothing stands in its place.
 */
export function later<Props extends object>(fetchPart: () => Promise<ComponentType<Props>>) {
  let part: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const load = () => {
    loading ??= fetchPart().then(
      (fetched) => {
        part = fetched;
      },
      (cause: unknown) => {
        loading = undefined; // asked for again when it is shown again, or when the person wants it
        throw new HauloutError('host-unreachable', { host: window.location.host }, { cause });
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
    // biome-ignore lint/correctness/useExhaustiveDependencies: each try counts
    useEffect(() => {
      setError(undefined);
      if (!isHere && isShown) load().then(() => setHere(true), setError);
    }, [isHere, isShown, tries]);
    if (part !== undefined) return createElement(part, props);
    if (error === undefined || !isShown) return null;
    const again = () => <Action onPress={() => setTries(tries + 1)}>{say('part.again')}</Action>;
    return <TroubleCard error={error} action={again} />;
  }
  return Object.assign(Later, { load });
}
