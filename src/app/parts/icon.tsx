import type { LucideIcon } from 'lucide-react';

/** An icon beside a word; the word carries the meaning. */
export function Icon(props: { of: LucideIcon; size?: number }) {
  const { of: Shape, size = 20 } = props;
  return <Shape aria-hidden="true" size={size} strokeWidth={1.75} className="icon" />;
}
