import { useCallback, useSyncExternalStore } from 'react';
import type { QueueItem } from '../../flows/prepare-item.ts';
import type { QueueView } from '../../flows/prepare-queue.ts';
import { useServices } from '../services.ts';

/** All files together; changes at most ten times a second while work goes on. */
export function useQueueView(): QueueView {
  const { queue } = useServices();
  return useSyncExternalStore(queue.subscribe, queue.view);
}

/**
 * A part of the view. The component is drawn again only when the part changes, so what does not show
 * progress stays untouched by it.
 *
 * @param select must give the same value for the same view: a field or a plain value, not a new object
 */
export function useQueue<T>(select: (view: QueueView) => T): T {
  const { queue } = useServices();
  return useSyncExternalStore(queue.subscribe, () => select(queue.view()));
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
