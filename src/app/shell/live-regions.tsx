import { useSyncExternalStore } from 'react';
import { useBase } from '../base.ts';

/** The two live regions; in the page from the start, so that screen readers know them. */
export function LiveRegions() {
  const { live } = useBase();
  const { polite, assertive } = useSyncExternalStore(live.subscribe, live.texts);
  return (
    <div className="visually-hidden">
      <div aria-live="polite" data-live="polite">
        {polite}
      </div>
      <div aria-live="assertive" data-live="assertive">
        {assertive}
      </div>
    </div>
  );
}
