import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { JobSnapshot } from '../../flows/store/types.ts';
import { uploadPlace } from '../routes.ts';
import { useServices } from '../services.ts';
import { askToKeep } from '../settings/kept-storage.ts';
import { jobTerms } from '../settings/terms.ts';
import type { Upload } from '../uploads/upload.ts';
import { useUpload } from '../uploads/use-uploads.ts';
import { useQuote } from './use-quote.ts';

export interface Checkout {
  /** the upload whose payment is asked for, or was declined */
  readonly upload: Upload | undefined;
  readonly isAsking: boolean;
  /** why the last request came to nothing */
  readonly error: unknown;
  pay(): void;
  /** Leaves the request that the wallet does not answer, and makes it once more. */
  showAgain(): void;
  /** Ends the request; nothing that is signed later is ever sent. */
  withdraw(): void;
  close(): void;
}

/** From a quote to an upload: once anything may be paid, the upload's own place takes over. */
export function useCheckout(): Checkout {
  const { quote, uploads, queue } = useServices();
  const { made, jobId, items } = useQuote();
  const upload = useUpload(jobId);
  const [, go] = useLocation();
  const [error, setError] = useState<unknown>();
  const [isStarting, setStarting] = useState(false);
  const start = useRef<{ isWithdrawn: boolean } | undefined>(undefined);
  const snapshot = upload?.seen?.snapshot;
  const isOnItsWay = snapshot !== undefined && mayBePaid(snapshot);
  useEffect(() => {
    if (!isOnItsWay || jobId === undefined) return;
    queue.remove(items.map(({ id }) => id));
    queue.forgetRemoved();
    quote.close();
    go(uploadPlace(jobId));
  }, [isOnItsWay, jobId, items, queue, quote, go]);
  useEffect(() => {
    if (made !== undefined) setError(undefined); // of the price before
  }, [made]);

  /** Ends a request. @returns whether it is certain that nothing was paid; else the upload's place tells */
  const drop = useCallback(
    async (id: string): Promise<boolean> => {
      const isNothing = (await uploads.cancel(id))?.meaning === 'nothing-paid';
      if (isNothing) uploads.dismiss(id);
      else {
        quote.close();
        go(uploadPlace(id));
      }
      return isNothing;
    },
    [uploads, quote, go],
  );
  /** Another price is asked for only when the last request can no longer be paid. */
  const replace = useCallback(
    async (id: string | undefined) => {
      if (id === undefined || (await drop(id))) quote.again();
    },
    [drop, quote],
  );
  const withdraw = () => {
    if (start.current) start.current.isWithdrawn = true;
  };
  const begin = async () => {
    if (made === undefined || start.current !== undefined) return;
    if (snapshot?.state === 'cancelled') return quote.again(); // by another tab, perhaps
    const mine = { isWithdrawn: false };
    start.current = mine;
    void askToKeep(); // in the click: some browsers ask the person
    setStarting(true);
    setError(undefined);
    try {
      if (jobId !== undefined) return await uploads.resume(jobId);
      const begun = await uploads.begin(made.quoteId, jobTerms());
      if (mine.isWithdrawn) void drop(begun);
      else quote.begun(begun);
    } catch (thrown) {
      if (!mine.isWithdrawn) setError(thrown);
    } finally {
      start.current = undefined;
      setStarting(false);
    }
  };
  const condition = snapshot?.condition;
  const isOver = upload?.seen?.isOver === true || endsRequest(condition);
  const isPriceOver = condition?.error.code === 'price-over-cap';
  useEffect(() => {
    if (isPriceOver && jobId !== undefined) void replace(jobId); // shows the new one beside the old
  }, [isPriceOver, jobId, replace]);
  return {
    upload,
    isAsking: isStarting || (snapshot !== undefined && !isOver),
    error: error ?? upload?.trouble ?? (isOver ? condition?.error : undefined),
    pay: () => void begin(),
    showAgain: () => {
      if (jobId !== undefined) void uploads.pause(jobId).then(() => uploads.resume(jobId));
    },
    withdraw: () => {
      withdraw();
      void replace(jobId);
    },
    close: () => {
      withdraw();
      quote.close();
      if (jobId !== undefined) void drop(jobId);
    },
  };
}

function mayBePaid({ paid, state }: JobSnapshot): boolean {
  return paid !== 'nothing' || !['awaiting-payment', 'in-wallet', 'cancelled'].includes(state);
}

/** Some troubles pass, and the wallet may only be slow. */
function endsRequest(condition: JobSnapshot['condition']): boolean {
  if (condition === undefined || condition.retryAtMs !== undefined) return false;
  return condition.error.code !== 'wallet-silent';
}
