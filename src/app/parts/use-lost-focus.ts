import { type RefObject, useEffect, useRef } from 'react';

/**
 * For the heading of a view that took the place of another: takes focus if what had it went away, so
 * that keyboards and screen readers go on from here. Leaves focus alone everywhere else.
 */
export function useLostFocus(isReplacement: boolean): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement, body } = document;
    const isLost = activeElement === null || activeElement === body;
    if (isReplacement && isLost) heading.current?.focus({ preventScroll: true });
  }, [isReplacement]);
  return heading;
}
