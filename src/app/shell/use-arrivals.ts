import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { readPastedId } from '../../flows/compare-flow.ts';
import { collectFiles } from '../drop/collect-drop.ts';
import { isField } from '../parts/is-field.ts';
import { arrival, PLACES } from '../routes.ts';
import { useServices } from '../services.ts';

/**
 * Paste outside of fields: files are added, a blob ID opens the place that checks it. Files that reach
 * a place which takes none open the store.
 */
export function useArrivals(): void {
  const { compare, drops } = useServices();
  const [place, go] = useLocation();
  useEffect(() => drops.onNobody(() => go(PLACES.store)), [drops, go]);
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (isField(event.target)) return;
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        drops.give(collectFiles(files));
        return;
      }
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (readPastedId(text).kind !== 'id') return;
      event.preventDefault();
      compare.setText(text.trim());
      go(PLACES.compare, { state: arrival('heading'), replace: place === PLACES.compare });
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [compare, drops, place, go]);
}
