import { transfer, wrap } from 'comlink';
import type { HauloutError } from '../protocol/errors.ts';
import type { EncodingApi } from '../workers/encoding-api.ts';
import { type Loss, lossOf, makeLoss, openEncodingWorker, startThread } from '../workers/spawn.ts';
import type { Thread } from '../workers/thread.ts';
import type { EnginePage, LentThread } from './engine-api.ts';

/**
 * Encoding workers that the page makes for its engine. The engine could make them itself, but where a debugger is
 * attached to Firefox a worker that makes another one may block for ever.
 */
export class PageThreads {
  readonly #workers = new Map<number, ReturnType<typeof openEncodingWorker>>();
  readonly #onLost: (threadId: number, error: HauloutError) => void;
  #count = 0;

  constructor(onLost: (threadId: number, error: HauloutError) => void) {
    this.#onLost = onLost;
  }

  /** @throws HauloutError 'engine-blocked' */
  open(): LentThread {
    const worker = openEncodingWorker();
    const threadId = this.#count++;
    this.#workers.set(threadId, worker);
    lossOf(worker).promise.catch((error: HauloutError) => this.#onLost(threadId, error));
    const { port1, port2 } = new MessageChannel();
    void wrap<EncodingApi>(worker).serve(transfer(port1, [port1]));
    return transfer({ threadId, port: port2 }, [port2]);
  }

  end(threadId: number): void {
    this.#workers.get(threadId)?.terminate();
    this.#workers.delete(threadId);
  }

  endAll(): void {
    for (const threadId of [...this.#workers.keys()]) this.end(threadId);
  }
}

/** The engine's side of `PageThreads`. */
export class BorrowedThreads {
  readonly #losses = new Map<number, Loss>();

  /** @throws HauloutError 'engine-blocked', 'engine-crashed' */
  async spawn(page: EnginePage): Promise<Thread> {
    const { threadId, port } = await page.openThread();
    const loss = this.#lossOf(threadId);
    return startThread(port, undefined, loss, () => {
      port.close();
      this.#losses.delete(threadId);
      page.endThread(threadId);
    });
  }

  lost(threadId: number, error: HauloutError): void {
    this.#lossOf(threadId).reject(error);
  }

  /** It may be heard of before the thread itself: that comes another way. */
  #lossOf(threadId: number): Loss {
    const loss = this.#losses.get(threadId) ?? makeLoss();
    this.#losses.set(threadId, loss);
    return loss;
  }
}
