import { useEffect } from 'react';
import { QuoteSheet } from '../quote/quote-sheet.tsx';
import { useServices } from '../services.ts';
import { OpenUploads } from '../uploads/open-uploads.tsx';
import { BatchView } from './batch-view.tsx';
import { EmptyView } from './empty-view.tsx';
import { UndoBar } from './undo-bar.tsx';
import { useAdding } from './use-adding.ts';
import { useQueue } from './use-queue.ts';

/** Files to prepare: an invitation while there are none, else the batch. */
export function StorePlace() {
  const { drops } = useServices();
  const isEmpty = useQueue(({ state, listed }) => state === 'empty' && listed === undefined);
  const state = useQueue((view) => view.state);
  const wasFilled = useQueue((view) => view.removal !== undefined);
  const adding = useAdding();
  const { add } = adding;
  useEffect(() => drops.receive(add), [drops, add]);
  return (
    <div data-state={isEmpty ? 'empty' : state}>
      <OpenUploads />
      {isEmpty ? (
        <EmptyView adding={adding} wasFilled={wasFilled} />
      ) : (
        <BatchView adding={adding} />
      )}
      <UndoBar />
      <QuoteSheet />
    </div>
  );
}
