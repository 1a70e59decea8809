import { startTransition, useEffect, useState } from 'react';

const SCREEN = 20; // rows that are drawn, and therefore costly
const SCREEN_STEP = 2;
const STEP = 200; // rows below the screen are only counted

/**
 * Shows a long list bit by bit, one step per frame, so that thousands of new rows never hold the page.
 */
export function useGrowing<T>(all: readonly T[]): readonly T[] {
  const [limit, setLimit] = useState(0);
  const isShort = limit < all.length;
  useEffect(() => {
    if (!isShort) return;
    const step = limit < SCREEN ? SCREEN_STEP : STEP;
    const frame = requestAnimationFrame(() => startTransition(() => setLimit(limit + step)));
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
