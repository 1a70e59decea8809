import { Ending } from '../protocol/ending.ts';
import { HauloutError } from '../protocol/errors.ts';
import type { Clock, HttpRequest, Transport, TransportLimits } from '../protocol/ports.ts';
import { Silence } from './silence.ts';

/**
 * One bare exchange, such as `fetch`. It may reject with anything, need not obey `signal`, and tells how many bytes
 * of the request's body are gone if it can.
 */
export type Exchange = (
  request: HttpRequest,
  signal: AbortSignal,
  onSent: ((bytes: number) => void) | undefined,
) => Promise<Response>;

/** Statuses whose responses cannot have a body. */
const BODILESS = [101, 103, 204, 205, 304];

/**
 * Puts limits on a bare exchange: the longest silence, measured from the last byte that moved in either direction,
 * and the longest body. While nobody takes more of a body, its silence is not counted. Errors become typed ones.
 */
export function limitedTransport(exchange: Exchange, clock: Clock): Transport {
  const silence = new Silence(clock);
  return {
    async send(request, limits, signal) {
      if (signal.aborted) throw new HauloutError('aborted', {}, { cause: signal.reason });
      const watch = new Watch(new URL(request.url).host, limits, silence, signal);
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
  readonly #silence: Silence;
  readonly #outer: AbortSignal;
  readonly #exchange = new AbortController();
  readonly #ending = new Ending();
  #stop: HauloutError | undefined;
  #bytes = 0;
  #sent = 0;

  constructor(host: string, limits: TransportLimits, silence: Silence, outer: AbortSignal) {
    this.#host = host;
    this.#limits = limits;
    this.#silence = silence;
    this.#outer = outer;
    outer.addEventListener('abort', this.#abort);
    silence.begin(this, limits.idleMs);
  }

  /** fires when the exchange has to end */
  get signal(): AbortSignal {
    return this.#exchange.signal;
  }

  /** Waits for `work` until the exchange has to end; what arrives afterwards goes to `late`. */
  async race<T>(work: Promise<T>, late?: (value: T) => void): Promise<T> {
    if (late !== undefined) {
      work.then(
        (value) => {
          if (this.#stop !== undefined) late(value);
        },
        () => {},
      );
    }
    this.#silence.wanted(this, true);
    const value = await this.#ending.until(work);
    this.#silence.wanted(this, false);
    return value;
  }

  sent(bytes: number): void {
    if (bytes <= this.#sent) return;
    this.#sent = bytes;
    this.#silence.moved(this);
    this.#limits.onSent?.(bytes);
  }

  /** Counts bytes of the answer. @throws HauloutError 'answer-unusable' */
  received(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#limits.maxBytes) return;
    throw new HauloutError('answer-unusable', { host: this.#host, reason: 'too-long' });
  }

  /** Ends the exchange and gives the error for whatever went wrong. */
  fail(error: unknown, otherwise: 'unreachable' | 'cut'): HauloutError {
    const failure = this.#stop ?? this.#typed(error, otherwise);
    this.stop(failure);
    return failure;
  }

  /** Ends the exchange, and with it the connection that it has. */
  stop(error: HauloutError): void {
    this.end();
    if (this.#stop !== undefined) return;
    this.#stop = error;
    this.#ending.end(error);
    this.#exchange.abort(error);
  }

  silent(): void {
    const seconds = Math.round(this.#limits.idleMs / 1_000);
    this.stop(new HauloutError('host-silent', { host: this.#host, seconds }));
  }

  /** Nothing more is watched. */
  end(): void {
    this.#outer.removeEventListener('abort', this.#abort);
    this.#silence.end(this);
  }

  readonly #abort = () => {
    this.stop(new HauloutError('aborted', {}, { cause: this.#outer.reason }));
  };

  #typed(error: unknown, otherwise: 'unreachable' | 'cut'): HauloutError {
    if (error instanceof HauloutError) return error;
    const host = this.#host;
    const options = { cause: error };
    if (otherwise === 'unreachable') return new HauloutError('host-unreachable', { host }, options);
    return new HauloutError('answer-unusable', { host, reason: 'cut' }, options);
  }
}

function watched(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  watch: Watch,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const giveUp = () => reader.cancel().catch(() => {});
  const source: UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> = {
    async pull(controller) {
      try {
        const { done, value } = await watch.race(reader.read());
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
  };
  return new ReadableStream(source);
}

function cancelBody(response: Response): void {
  response.body?.cancel().catch(() => {});
}
