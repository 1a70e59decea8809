import { later } from './later.tsx';
import type { SheetProps } from './sheet-layer.tsx';
import { useEver } from './use-ever.ts';

const SheetLayer = later(async () => (await import('./sheet-layer.tsx')).SheetLayer);

/** A layer over the page: from below on a phone, in the middle on wider screens. */
export function Sheet(props: SheetProps) {
  return useEver(props.isOpen) && <SheetLayer {...props} />;
}
