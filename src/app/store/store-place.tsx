import { useEffect } from 'react';
import { useServices } from '../services.ts';
import { BatchView } from './batch-view.tsx';
import { EmptyView } from './empty-view.tsx';
import { UndoBar } from './undo-bar.tsx';
import { useAdding } from './use-adding.ts';
import { useAnnouncements } from './use-announcements.ts';
import { useQueueView } from './use-queue.ts';

/** Files to prepare: an invitation while there are none, else the batch. */
export function StorePlace() {
  const { drops } = useServices();
  const view = useQueueView();
  const adding = useAdding();
  const { add } = adding;
  useEffect(() => drops.receive(add), [drops, add]);
  useAnnouncements();
  const isEmpty = view.state === 'empty' && view.listed === undefined;
  return (
    <div data-state={isEmpty ? 'empty' : view.state}>
      {isEmpty ? <EmptyView adding={adding} /> : <BatchView adding={adding} />}
      <UndoBar count={view.removedCount} />
    </div>
  );
}
