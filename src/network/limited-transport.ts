import { HauloutError } from '../protocol/errors.ts';
import type { Clock, Transport, TransportLimits } from '../protocol/ports.ts';

/**
 * One bare exchange, such as `fetch`. It may reject with anything, need not obey `signal`, and tells how many bytes
 * of the request's body are gone if it can.
 */
export type Exchange = (
  request: Request,
  signal: AbortSignal,
  onSent: ((bytes: number) => void) | undefined,
) => Promise<Response>;

/** Statuses whose responses cannot have a body. */
const BODILESS = [101, 103, 204, 205, 304];

/**
 * Puts limits on a bare exchange: the longest silence, measured from the last byte that moved in either direction,
 * and the longest body. Errors become typed ones.
 */
export function limitedTransport(exchange: Exchange, clock: Clock): Transport {
  return {
    async send(request, limits, signal) {
      if (signal.aborted) throw new HauloutError('aborted', {}, { cause: signal.reason });
      const watch = new Watch(new URL(request.url).host, limits, clock, signal);
      try {
        const onSent = limits.onSent && ((bytes: number) => watch.sent(bytes));
        const response = await watch.race(exchange(request, watch.signal, onSent), cancelBody);
        if (response.body === null || BODILESS.includes(response.status)) {
          watch.end();
          return response;
        }
        const { status, statusText, headers } = response;
        return new Response(watched(response.body, watch), { status, statusText, headers });
      } catch (error) {
        throw watch.fail(error, 'unreachable');
      }
    },
  };
}

/** The limits of one exchange while it lasts. */
class Watch {
  readonly #host: string;
  readonly #limits: TransportLimits;
  readonly #clock: Clock;
  readonly #outer: AbortSignal;
  readonly #stop = new AbortController();
  readonly #over = new AbortController();
  readonly #stopped: Promise<never>;
  #movedAt: number;
  #bytes = 0;
  #sent = 0;

  constructor(host: string, limits: TransportLimits, clock: Clock, outer: AbortSignal) {
    this.#host = host;
    this.#limits = limits;
    this.#clock = clock;
    this.#outer = outer;
    this.#movedAt = clock.monotonic();
    this.#stopped = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
    });
    this.#stopped.catch(() => {}); // it may be that nobody waits
    outer.addEventListener('abort', this.#abort, { once: true });
    void this.#watchSilence();
  }

  /** fires when the exchange has to end */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Waits for `work` until the exchange has to end; what arrives afterwards goes to `late`. */
  async race<T>(work: Promise<T>, late: (value: T) => void): Promise<T> {
    let isLate = false;
    work.then(
      (value) => {
        if (isLate) late(value);
      },
      () => {},
    );
    try {
      const value = await Promise.race([work, this.#stopped]);
      this.#movedAt = this.#clock.monotonic();
      return value;
    } catch (error) {
      isLate = true;
      throw error;
    }
  }

  sent(bytes: number): void {
    if (bytes <= this.#sent) return;
    this.#sent = bytes;
    this.#movedAt = this.#clock.monotonic();
    this.#limits.onSent?.(bytes);
  }

  /** Counts bytes of the answer. @throws HauloutError 'answer-unusable' */
  received(bytes: number): void {
    this.#movedAt = this.#clock.monotonic();
    this.#bytes += bytes;
    if (this.#bytes <= this.#limits.maxBytes) return;
    throw new HauloutError('answer-unusable', { host: this.#host, reason: 'too-long' });
  }

  /** Ends the exchange and gives the error for whatever went wrong. */
  fail(error: unknown, otherwise: 'unreachable' | 'cut'): HauloutError {
    const stopped = this.#stop.signal.aborted ? this.#stop.signal.reason : error;
    this.end();
    if (stopped instanceof HauloutError) return stopped;
    const host = this.#host;
    const options = { cause: error };
    if (otherwise === 'unreachable') return new HauloutError('host-unreachable', { host }, options);
    return new HauloutError('answer-unusable', { host, reason: 'cut' }, options);
  }

  end(): void {
    this.#outer.removeEventListener('abort', this.#abort);
    this.#over.abort();
    this.#stop.abort();
  }

  #abort = () => {
    this.#stop.abort(new HauloutError('aborted', {}, { cause: this.#outer.reason }));
  };

  async #watchSilence(): Promise<void> {
    try {
      for (;;) {
        const left = this.#movedAt + this.#limits.idleMs - this.#clock.monotonic();
        if (left <= 0) break;
        await this.#clock.sleep(left, this.#over.signal);
      }
    } catch {
      return; // the exchange is over
    }
    const seconds = Math.round(this.#limits.idleMs / 1_000);
    this.#stop.abort(new HauloutError('host-silent', { host: this.#host, seconds }));
  }
}

function watched(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  watch: Watch,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const giveUp = () => reader.cancel().catch(() => {});
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await watch.race(reader.read(), () => {});
        if (done) {
          watch.end();
          controller.close();
          return;
        }
        watch.received(value.length);
        controller.enqueue(value);
      } catch (error) {
        controller.error(watch.fail(error, 'cut'));
        void giveUp();
      }
    },
    async cancel() {
      watch.end();
      await giveUp();
    },
  });
}

function cancelBody(response: Response): void {
  response.body?.cancel().catch(() => {});
}
