import { useEffect } from 'react';
import { later } from '../parts/later.tsx';
import { useEver } from '../parts/use-ever.ts';
import { useQuote } from '../quote/use-quote.ts';
import { useServices } from '../services.ts';
import { OpenUploads } from '../uploads/open-uploads.tsx';
import { EmptyView } from './empty-view.tsx';
import { UndoBar } from './undo-bar.tsx';
import { useAdding } from './use-adding.ts';
import { useQueue } from './use-queue.ts';

const BatchView = later(async () => (await import('./batch-view.tsx')).BatchView);
const LostUploads = later(async () => (await import('../uploads/lost-uploads.tsx')).LostUploads);
const QuoteSheet = later(async () => (await import('../quote/quote-sheet.tsx')).QuoteSheet);

/** Files to prepare: an invitation while there are none, else the batch. */
export function StorePlace() {
  const { drops } = useServices();
  const isEmpty = useQueue(({ state, listed }) => state === 'empty' && listed === undefined);
  const state = useQueue((view) => view.state);
  const wasFilled = useQueue((view) => view.removal !== undefined);
  const adding = useAdding();
  const { add } = adding;
  useEffect(() => drops.receive(add), [drops, add]);
  const isPriced = useEver(useQuote().items.length > 0);
  useEffect(() => void BatchView.load().catch(() => undefined), []); // before the first file is there
  return (
    <div data-state={isEmpty ? 'empty' : state}>
      <OpenUploads />
      <LostUploads />
      {isEmpty ? (
        <EmptyView adding={adding} wasFilled={wasFilled} />
      ) : (
        <BatchView adding={adding} />
      )}
      <UndoBar />
      {isPriced && <QuoteSheet />}
    </div>
  );
}
