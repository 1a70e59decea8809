import { geometryFor, sliverBytes } from '../../protocol/geometry.ts';
import { deferred } from '../../transfer/deferred.ts';
import type { IntentRun } from './intent-run.ts';
import { firstPath, type Sending, send, type UploadContext } from './upload.ts';

/** So many blobs are sent before they are paid: nodes keep things in memory for a short time only. */
const AT_ONCE = 4;
/** Nodes buffer no larger sliver, and would refuse it after it has travelled. */
const LARGEST_SLIVER_BYTES = 4 << 20;

interface Early {
  readonly stop: AbortController;
  /** undefined if it goes through a relay, which works for what is registered */
  readonly sending: Promise<Sending | undefined>;
}

/** Uploads that begin while the approval is open, for nodes that buffer. They end with the payment. */
export class EarlyUploads {
  readonly #run: IntentRun;
  readonly #paid = deferred<void>();
  readonly #begun = new Map<number, Early>();
  readonly #taken = new Set<number>();
  #isBegun = false;
  #isUnpaid = false;

  constructor(run: IntentRun) {
    this.#run = run;
    this.#paid.promise.catch(() => undefined); // it may be that nothing was sent
  }

  /** Sends the first blobs of an unpaid intent; once, however often the wallet is asked. */
  begin(context: UploadContext): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    const { blobs } = this.#run.state.plan;
    for (const [blob, { unencodedBytes, extended }] of blobs.slice(0, AT_ONCE).entries()) {
      if (extended) continue; // nodes have it
      const geometry = geometryFor(context.shardCount, unencodedBytes);
      if (sliverBytes(geometry, 'primary') > LARGEST_SLIVER_BYTES) continue;
      const stop = new AbortController();
      const signal = AbortSignal.any([context.signal, stop.signal]);
      const sending = this.#send(blob, { ...context, signal });
      sending.catch(() => undefined); // whoever takes it hears of it
      this.#begun.set(blob, { stop, sending });
    }
  }

  async #send(blob: number, context: UploadContext): Promise<Sending | undefined> {
    if ((await firstPath(this.#run, blob, context)) !== 'direct') return undefined;
    return send(this.#run, blob, context, this.#paid.promise);
  }

  /** The upload of a blob, if it was begun early; for one taker, whose signal ends it from now on. */
  async take(blob: number, signal: AbortSignal): Promise<Sending | undefined> {
    const begun = this.#begun.get(blob);
    if (begun === undefined || this.#taken.has(blob) || this.#isUnpaid) return undefined;
    this.#taken.add(blob);
    const stop = () => begun.stop.abort();
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    return begun.sending;
  }

  /** The objects of the blobs are known. */
  paid(): void {
    this.#paid.resolve();
  }

  /** Nothing was paid: what was sent is forgotten by the nodes. */
  unpaid(reason: unknown): void {
    this.#isUnpaid = true;
    this.#paid.reject(reason);
    for (const { stop } of this.#begun.values()) stop.abort();
  }

  /** Settles when nothing is under way any more; never rejects. */
  async over(): Promise<void> {
    const ends = [...this.#begun.values()].map(async ({ sending }) => {
      const begun = await sending;
      await begun?.outcome.finally(begun.flushed);
    });
    await Promise.allSettled(ends);
    if (this.#isUnpaid) await Promise.allSettled([...this.#begun.keys()].map(this.#rest));
  }

  readonly #rest = async (blob: number) => {
    const { ports, journal, state } = this.#run;
    const { jobId, blobs } = state.plan;
    const { blobId = '' } = blobs[blob] ?? {};
    if (!(await journal.isWantedElsewhere(jobId, blobId))) await ports.pieces.rest(blobId);
  };
}
