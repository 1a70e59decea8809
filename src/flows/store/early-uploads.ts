import { geometryFor, sliverBytes } from '../../protocol/geometry.ts';
import { deferred } from '../../transfer/deferred.ts';
import type { IntentRun } from './intent-run.ts';
import { firstPath, type Sending, send, type UploadContext } from './upload.ts';

/** So many blobs are sent before they are paid: nodes keep things in memory for a short time only. */
const AT_ONCE = 4;
/** Nodes buffer no larger sliver, and would refuse it after it has travelled. */
const LARGEST_SLIVER_BYTES = 4 << 20;

/** Uploads that begin while the approval is open, for nodes that buffer. They end with the payment. */
export class EarlyUploads {
  readonly #paid = deferred<void>();
  readonly #sendings = new Map<number, Promise<Sending | undefined>>();
  readonly #all: Promise<Sending | undefined>[] = [];
  #isBegun = false;

  constructor() {
    this.#paid.promise.catch(() => undefined); // it may be that nothing was sent
  }

  /** Sends the first blobs of an unpaid intent; once, however often the wallet is asked. */
  begin(run: IntentRun, context: UploadContext): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    for (const [blob, { unencodedBytes }] of run.state.plan.blobs.slice(0, AT_ONCE).entries()) {
      const geometry = geometryFor(context.shardCount, unencodedBytes);
      if (sliverBytes(geometry, 'primary') > LARGEST_SLIVER_BYTES) continue;
      const sending = this.#send(run, blob, context);
      sending.catch(() => undefined); // whoever takes it hears of it
      this.#sendings.set(blob, sending);
      this.#all.push(sending);
    }
  }

  /** @returns undefined if it goes through a relay, which works for what is registered */
  async #send(run: IntentRun, blob: number, context: UploadContext): Promise<Sending | undefined> {
    if ((await firstPath(run, blob, context)) !== 'direct') return undefined;
    return send(run, blob, context, this.#paid.promise);
  }

  /** The upload of a blob, if it was begun early; for one taker. */
  async take(blob: number): Promise<Sending | undefined> {
    const sending = this.#sendings.get(blob);
    this.#sendings.delete(blob);
    return sending;
  }

  /** The objects of the blobs are known. */
  paid(): void {
    this.#paid.resolve();
  }

  /** Nothing was paid: what was sent is forgotten by the nodes. */
  unpaid(reason: unknown): void {
    this.#paid.reject(reason);
    this.#sendings.clear();
  }

  /** Settles when nothing is under way any more; never rejects. */
  async over(): Promise<void> {
    const ends = this.#all.map(async (sending) => {
      const begun = await sending;
      await begun?.outcome.finally(begun.flushed);
    });
    await Promise.allSettled(ends);
  }
}
