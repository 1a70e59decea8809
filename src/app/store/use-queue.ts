import { startTransition, useCallback, useEffect, useReducer } from 'react';
import type { QueueItem } from '../../flows/prepare-item.ts';
import type { QueueView } from '../../flows/prepare-queue.ts';
import { useServices } from '../services.ts';

/** All files together; changes at most ten times a second while work goes on. */
export function useQueueView(): QueueView {
  return useQueue(whole);
}

/**
 * A part of the view. The component is drawn again only when the part changes, so what does not show
 * progress stays untouched by it.
 *
 * @param select must give the same value for the same view: a field or a plain value, not a new object
 */
export function useQueue<T>(select: (view: QueueView) => T): T {
  const { queue } = useServices();
  return useSliced(queue.subscribe, () => select(queue.view()));
}

/** One file; undefined once it has left the queue. */
export function useQueueItem(id: string): QueueItem | undefined {
  const { queue } = useServices();
  const subscribe = useCallback(
    (listener: () => void) => queue.subscribeItem(id, listener),
    [queue, id],
  );
  const seen = useSliced(subscribe, () => queue.item(id));
  return seen?.id === id ? seen : queue.item(id); // what was seen may be of the file before
}

interface Seen<T> {
  readonly value: T;
}

/**
 * Follows a value outside of React. What it changes is drawn in slices of a few milliseconds between
 * which the page answers; with `useSyncExternalStore` it would be one task, however much there is to draw.
 */
function useSliced<T>(subscribe: (listener: () => void) => () => void, read: () => T): T {
  const [seen, look] = useReducer(
    (before: Seen<T>): Seen<T> => {
      const value = read();
      return Object.is(value, before.value) ? before : { value };
    },
    undefined,
    () => ({ value: read() }),
  );
  useEffect(() => {
    startTransition(look); // it may have changed between drawing and now
    return subscribe(() => startTransition(look));
  }, [subscribe]);
  return seen.value;
}

function whole(view: QueueView): QueueView {
  return view;
}
