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
    useEffect(() => {
      if (!isHere) load().then(() => setHere(true), setError);
    }, [isHere]);
    if (part !== undefined) return createElement(part, props);
    return error === undefined ? null : <TroubleCard error={error} />;
  }
  return Object.assign(Later, { load });
}
