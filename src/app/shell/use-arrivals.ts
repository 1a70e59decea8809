import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { readPasted } from '../../flows/read/read-pasted.ts';
import { collectFiles } from '../drop/collect-drop.ts';
import { useOpen } from '../open/use-open.ts';
import { isField } from '../parts/is-field.ts';
import { PLACES } from '../routes.ts';
import { useServices } from '../services.ts';

/**
 * Paste outside of fields: files are added, what names a blob opens it. Files that reach
 * a place which takes none open the store.
 */
export function useArrivals(): void {
  const { drops } = useServices();
  const [, go] = useLocation();
  const open = useOpen();
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
      const { kind } = readPasted(text);
      if (kind === 'none' || kind === 'malformed') return;
      event.preventDefault();
      open(text);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [drops, open]);
}
