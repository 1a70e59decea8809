import { type FocusEvent, useCallback, useEffect, useRef } from 'react';

interface Held {
  readonly element: Element;
  readonly next: HTMLElement | null;
}

const rowOf = (element: Element) => element.closest<HTMLElement>('[role=row]');
const headingOfPlace = () => document.querySelector<HTMLElement>('#content h1');

/**
 * For a part whose buttons come and go: when the one with focus went away, focus passes to its row, or
 * to the heading of the place.
 *
 * @param nextOf what gets focus instead of the row, asked while the element is there
 * @param orElse what gets it if that went away too
 * @returns what the part calls on focus inside of it
 */
export function useKeptFocus(
  nextOf: (element: Element) => HTMLElement | null = rowOf,
  orElse: () => HTMLElement | null = headingOfPlace,
): (event: FocusEvent) => void {
  const held = useRef<Held | undefined>(undefined);
  useEffect(() => {
    if (held.current === undefined || held.current.element.isConnected) return;
    const { next } = held.current;
    held.current = undefined;
    const { activeElement, body } = document;
    if (activeElement !== null && activeElement !== body) return;
    (next?.isConnected ? next : orElse())?.focus({ preventScroll: true });
  });
  return useCallback(
    ({ target }) => {
      held.current = { element: target, next: nextOf(target) };
    },
    [nextOf],
  );
}
