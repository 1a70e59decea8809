import type { LucideIcon } from './icons.ts';

/** An icon beside a word, which carries the meaning; `size` in px at the usual text size. */
export function Icon(props: { of: LucideIcon; size?: number }) {
  const { of: Shape, size = 20 } = props;
  return <Shape aria-hidden="true" size={`${size / 16}rem`} strokeWidth={1.75} className="icon" />;
}
