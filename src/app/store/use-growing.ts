import { useEffect, useState } from 'react';

const FIRST = 60; // more than a screen shows
const STEP = 240; // about 20 ms of work on a slow machine

/**
 * Shows a long list bit by bit, one step per frame, so that thousands of new rows never hold the page.
 * The part that is shown first is more than a screen.
 */
export function useGrowing<T>(all: readonly T[]): readonly T[] {
  const [limit, setLimit] = useState(FIRST);
  const isShort = limit < all.length;
  useEffect(() => {
    if (!isShort) return;
    const frame = requestAnimationFrame(() => setLimit((now) => now + STEP));
    return () => cancelAnimationFrame(frame);
  });
  return useSlice(all, isShort ? limit : all.length);
}

interface Slice<T> {
  readonly all: readonly T[];
  readonly length: number;
  readonly part: readonly T[];
}

/** The same array for the same content. */
function useSlice<T>(all: readonly T[], length: number): readonly T[] {
  const [kept, setKept] = useState<Slice<T>>({ all, length, part: all.slice(0, length) });
  if (kept.all === all && kept.length === length) return kept.part;
  const next = { all, length, part: length >= all.length ? all : all.slice(0, length) };
  setKept(next);
  return next.part;
}
