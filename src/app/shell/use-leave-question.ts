import { useEffect, useSyncExternalStore } from 'react';
import { openCount } from '../../flows/queue-totals.ts';
import { useServices } from '../services.ts';
import { useQueue } from '../store/use-queue.ts';

/**
 * Makes the browser ask before the page is left while files are listed, prepared, held or compared: that
 * work is kept nowhere. Browsers ask only those who have clicked or typed on the page.
 */
export function useLeaveQuestion(): void {
  const { compare } = useServices();
  const isListing = useQueue((view) => view.listed !== undefined);
  const isPreparing = useQueue((view) => openCount(view.totals) > 0);
  const isComparing = useSyncExternalStore(
    compare.subscribe,
    () => compare.view().compared.kind === 'working',
  );
  const isWorking = isListing || isPreparing || isComparing;
  useEffect(() => {
    if (!isWorking) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isWorking]);
}
