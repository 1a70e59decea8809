import { type RefObject, useEffect, useState } from 'react';

const WIDE_REM = 35; // must agree with the container query in file-row.module.css
const ONE_LINE_REM = 4.75;
const TWO_LINES_REM = 7.5;

/**
 * Height of a row in px: one line where there is room, else two; grows with the text size. Known ahead,
 * so that a list of thousands needs no measuring.
 */
export function useRowSize(frame: RefObject<HTMLElement | null>): number {
  const [size, setSize] = useState(ONE_LINE_REM * 16);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const isWide = element.clientWidth >= WIDE_REM * rem;
      setSize(Math.round((isWide ? ONE_LINE_REM : TWO_LINES_REM) * rem));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.documentElement); // its height tells of another text size
    return () => observer.disconnect();
  }, [frame]);
  return size;
}
