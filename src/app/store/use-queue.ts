import { useCallback, useSyncExternalStore } from 'react';
import type { QueueItem } from '../../flows/prepare-item.ts';
import type { QueueView } from '../../flows/prepare-queue.ts';
import { useServices } from '../services.ts';

/** All files together; changes at most ten times a second while work goes on. */
export function useQueueView(): QueueView {
  const { queue } = useServices();
  return useSyncExternalStore(queue.subscribe, queue.view);
}

/** One file; undefined once it has left the queue. */
export function useQueueItem(id: string): QueueItem | undefined {
  const { queue } = useServices();
  const subscribe = useCallback(
    (listener: () => void) => queue.subscribeItem(id, listener),
    [queue, id],
  );
  return useSyncExternalStore(subscribe, () => queue.item(id));
}
