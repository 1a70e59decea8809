import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { uploadPlace } from '../routes.ts';
import { useServices } from '../services.ts';
import type { Upload } from '../uploads/upload-desk.ts';
import { useUpload } from '../uploads/use-uploads.ts';
import { useQuote } from './use-quote.ts';

export interface Checkout {
  /** the upload whose payment is asked for, or was declined */
  readonly upload: Upload | undefined;
  readonly isAsking: boolean;
  /** why the last click did not work */
  readonly error: unknown;
  pay(): void;
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
  const snapshot = upload?.seen?.snapshot;
  const isOnItsWay =
    snapshot !== undefined &&
    (snapshot.paid !== 'nothing' ||
      (snapshot.state !== 'awaiting-payment' && snapshot.state !== 'in-wallet'));
  useEffect(() => {
    if (!isOnItsWay || jobId === undefined) return;
    queue.remove(items.map(({ id }) => id));
    queue.forgetRemoved();
    quote.close();
    go(uploadPlace(jobId));
  }, [isOnItsWay, jobId, items, queue, quote, go]);

  const drop = () => {
    if (jobId === undefined) return;
    void uploads.cancel(jobId).finally(() => uploads.dismiss(jobId));
  };
  const begin = async () => {
    if (made === undefined || isStarting) return;
    setStarting(true);
    setError(undefined);
    try {
      if (jobId !== undefined) await uploads.resume(jobId);
      else quote.begun(await uploads.begin(made.quoteId, {}));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setStarting(false);
    }
  };
  return {
    upload,
    isAsking:
      isStarting || (upload?.seen !== undefined && !upload.seen.isOver && !snapshot?.condition),
    error,
    pay: () => void begin(),
    withdraw: () => {
      drop();
      quote.again();
    },
    close: () => {
      drop();
      quote.close();
    },
  };
}
