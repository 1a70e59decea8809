import {
  type FromGateway,
  type GatewayWish,
  gatewayUrl,
  type ToGateway,
} from '../../flows/read/gateway-talk.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { siteUrl } from '../app-base.ts';
import { clock, drawWord, fetchHere, hearWorker, serviceWorkers } from '../doors.ts';
import type { PageNetwork } from '../network.ts';
import { startWorker } from '../offline.ts';
import type { Gateway } from './gateway.ts';

/** So long a worker may take to be installed before the page goes on without it. */
const PATIENCE_MS = 30_000;

/** Under which this page hears of its frames and downloads, and not of those of others. */
let word: string | undefined;

/** The service worker that answers for this page now, if one does. */
export function gatewayNow({ name, network }: PageNetwork): Gateway | undefined {
  const controller = serviceWorkers()?.controller;
  if (!controller) return undefined;
  const told: ToGateway = { kind: 'network', network };
  controller.postMessage(told);
  word ??= drawWord();
  const asker = word;
  const urlFor = (blobId: string, wish: GatewayWish = {}) =>
    gatewayUrl(siteUrl(), blobId, { network: name, ...wish });
  const url = (blobId: string, download?: string) =>
    urlFor(blobId, download === undefined ? {} : { download, asker });
  return {
    url,
    frameUrl: (blobId) => urlFor(blobId, { asker }),
    async head(blobId) {
      const { status, headers } = await fetchHere(url(blobId), { method: 'HEAD' });
      const isRefusal = [404, 451].includes(status) && headers.has('haulout-error');
      if (!isOfWorker(headers, blobId) && !isRefusal) throw new HauloutError('aborted', {});
      const bytes = Number(headers.get('content-length') ?? 0);
      return { status, bytes, type: headers.get('content-type') ?? '' };
    },
    async first(blobId, bytes) {
      const headers = { range: `bytes=0-${bytes - 1}` };
      const answer = await fetchHere(url(blobId), { headers });
      if (!isOfWorker(answer.headers, blobId)) throw new HauloutError('aborted', {});
      return answer.status === 416 ? new Blob() : answer.blob();
    },
    follow(blobId, { onRows, onFailed }) {
      return hearWorker((said) => {
        const message = said as FromGateway; // what it says is a picture of work done, and proves nothing
        if (message.blobId !== blobId || (message.asker ?? asker) !== asker) return;
        if (message.kind === 'rows') onRows(message.rows);
        else onFailed();
      });
    },
  };
}

/** A worker that is being taken away leaves the answer to the host, which knows nothing of blobs. */
function isOfWorker(headers: Headers, blobId: string): boolean {
  return headers.get('etag') === `"${blobId}"`;
}

/** Waits for the service worker to answer for this page; undefined where it does not. */
export async function openGateway(network: PageNetwork): Promise<Gateway | undefined> {
  const container = serviceWorkers();
  if (container === undefined) return undefined;
  const end = new AbortController();
  const isHere = new Promise<void>((resolve) => {
    container.addEventListener('controllerchange', () => resolve(), { signal: end.signal });
  });
  const tooLong = clock.sleep(PATIENCE_MS, end.signal).catch(() => undefined);
  const refused = startWorker().then((worker) => worker && isHere);
  if (!container.controller) await Promise.race([isHere, tooLong, refused]);
  end.abort();
  return gatewayNow(network);
}
