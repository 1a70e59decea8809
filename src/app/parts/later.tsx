import { type ComponentType, createElement, useEffect, useState } from 'react';
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
      (error: unknown) => {
        loading = undefined; // asked for again when it is shown again
        throw error;
      },
    );
    return loading;
  };
  function Later(props: Props) {
    const [isHere, setHere] = useState(part !== undefined);
    const [error, setError] = useState<unknown>();
    // A sheet that is closed need not be there, and is asked for anew when it is opened.
    const isShown = !('isOpen' in props) || props.isOpen === true;
    useEffect(() => {
      setError(undefined);
      if (!isHere && isShown) load().then(() => setHere(true), setError);
    }, [isHere, isShown]);
    if (part !== undefined) return createElement(part, props);
    return error === undefined || !isShown ? null : <TroubleCard error={error} />;
  }
  return Object.assign(Later, { load });
}
