import { type FocusEvent, useCallback, useEffect, useRef } from 'react';

interface Held {
  readonly element: Element;
  readonly row: HTMLElement | null;
}

/**
 * For a part whose buttons come and go: when the one with focus went away, focus passes to its row, or
 * to the heading of the place.
 *
 * @returns what the part calls on focus inside of it
 */
export function useKeptFocus(): (event: FocusEvent) => void {
  const held = useRef<Held | undefined>(undefined);
  useEffect(() => {
    if (held.current === undefined || held.current.element.isConnected) return;
    const { row } = held.current;
    held.current = undefined;
    const { activeElement, body } = document;
    if (activeElement !== null && activeElement !== body) return;
    const next = row?.isConnected ? row : document.querySelector<HTMLElement>('#content h1');
    next?.focus({ preventScroll: true });
  });
  return useCallback(({ target }) => {
    held.current = { element: target, row: target.closest<HTMLElement>('[role=row]') };
  }, []);
}
