import { useEffect } from 'react';
import { openCount } from '../../flows/queue-totals.ts';
import { useServices } from '../services.ts';

/**
 * Makes the browser ask before the page is left while files are listed, prepared, held or compared: that
 * work is kept nowhere. Browsers ask only those who have clicked or typed on the page.
 */
export function useLeaveQuestion(): void {
  const { queue, compare } = useServices();
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    const follow = () => {
      const { listed, totals } = queue.view();
      const isWorking =
        listed !== undefined || openCount(totals) > 0 || compare.view().compared.kind === 'working';
      if (isWorking) window.addEventListener('beforeunload', ask);
      else window.removeEventListener('beforeunload', ask);
    };
    follow();
    const ends = [queue.subscribe(follow), compare.subscribe(follow)];
    return () => {
      for (const end of ends) end();
      window.removeEventListener('beforeunload', ask);
    };
  }, [queue, compare]);
}
