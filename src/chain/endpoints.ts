import { RpcError, type RpcTransport, SuiGrpcClient } from '@mysten/sui/grpc';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import type { NetworkInfo } from './network-info.ts';
import { rpcTransports } from './rpc-door.ts';

const ANSWER_MS = 20_000; // longest wait for one answer
const PAUSES_MS = [400, 1_200, 3_000]; // between rounds over all endpoints

/** Answers that asking again would not change; all others mean that the endpoint is in trouble. */
const FINAL_CODES = new Set([
  ...['INVALID_ARGUMENT', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED', 'UNIMPLEMENTED'],
  ...['FAILED_PRECONDITION', 'OUT_OF_RANGE', 'UNAUTHENTICATED', 'ABORTED'],
]);

export type Work<T> = (client: SuiGrpcClient, signal: AbortSignal) => Promise<T>;

export interface EndpointsOptions {
  readonly network: NetworkInfo;
  readonly clock: Clock;
  /** instead of connections to the URLs of the network */
  readonly transports?: readonly RpcTransport[];
}

/** The full nodes that are asked, in order of preference. */
export class Endpoints {
  readonly #clients: readonly SuiGrpcClient[];
  readonly #network: NetworkInfo;
  readonly #clock: Clock;
  readonly #known = new Set<SuiGrpcClient>();
  /** the one that answered last is asked first */
  #preferred = 0;

  constructor({ network, clock, transports }: EndpointsOptions) {
    this.#network = network;
    this.#clock = clock;
    this.#clients = (transports ?? rpcTransports(network)).map(
      (transport) => new SuiGrpcClient({ network: network.network, transport }),
    );
  }

  get count(): number {
    return this.#clients.length;
  }

  /**
   * The first answer to a question that no honest full node refuses.
   *
   * @throws HauloutError 'chain-unavailable', 'network-mismatch', 'aborted'
   */
  async first<T>(work: Work<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await this.ask(work, signal);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * The first answer. Trouble is met by asking others, and the same again after a while. A refusal
   * of the kind that asking again would not change is thrown as it is, once no other endpoint has an
   * answer: one alone cannot keep anything from being done.
   *
   * @throws HauloutError 'chain-unavailable', 'network-mismatch', 'aborted'; RpcError and the errors
   *   of the Sui package for final refusals
   */
  async ask<T>(work: Work<T>, signal?: AbortSignal): Promise<T> {
    let last: unknown;
    let refusal: unknown;
    for (const pause of [0, ...PAUSES_MS]) {
      if (pause > 0) await this.#clock.sleep(pause, signal);
      const refusals: unknown[] = [];
      for (let tries = this.#clients.length; tries > 0; tries--) {
        const index = this.#preferred;
        const client = this.#clients[index];
        if (client === undefined) break;
        try {
          return await this.#askOne(client, work, signal);
        } catch (error) {
          if (isHauloutError(error, 'aborted')) throw error;
          last = error;
          if (isFinal(error)) refusals.push(error);
          if (this.#preferred === index) this.#preferred = (index + 1) % this.#clients.length;
        }
      }
      refusal ??= refusals[0];
      if (refusals.length === this.#clients.length) break;
    }
    throw refusal ?? unavailable(last);
  }

  /** What each endpoint says, or why it says nothing; one try each, all at once. */
  each<T>(work: Work<T>, signal?: AbortSignal): readonly Promise<T>[] {
    return this.#clients.map((client) => this.#askOne(client, work, signal));
  }

  all<T>(work: Work<T>, signal?: AbortSignal): Promise<PromiseSettledResult<T>[]> {
    return Promise.allSettled(this.each(work, signal));
  }

  async #askOne<T>(client: SuiGrpcClient, work: Work<T>, signal?: AbortSignal): Promise<T> {
    if (!this.#known.has(client)) {
      await this.#within(this.#identify(client), signal);
      this.#known.add(client);
    }
    return this.#within((inner) => work(client, inner), signal);
  }

  /** An endpoint of another network is never asked anything else. */
  #identify(client: SuiGrpcClient) {
    return async (signal: AbortSignal) => {
      const { response } = await client.ledgerService.getServiceInfo({}, { abort: signal });
      const [expected, actual] = [this.#network.chainId, response.chainId ?? ''];
      if (actual !== expected) throw new HauloutError('network-mismatch', { expected, actual });
    };
  }

  /** Gives up when the caller does, or after a while without an answer. */
  async #within<T>(work: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
    const inner = new AbortController();
    const stop = () => inner.abort();
    if (outer?.aborted) throw new HauloutError('aborted', {});
    outer?.addEventListener('abort', stop);
    const timer = new AbortController();
    const silence = this.#clock.sleep(ANSWER_MS, timer.signal).then(
      () => {
        stop();
        throw new HauloutError('chain-unavailable', { reason: 'no answer in time' });
      },
      () => new Promise<never>(() => {}), // the answer came first
    );
    try {
      return await Promise.race([work(inner.signal), silence]);
    } catch (error) {
      if (outer?.aborted) throw new HauloutError('aborted', {}, { cause: error });
      throw error;
    } finally {
      outer?.removeEventListener('abort', stop);
      timer.abort();
    }
  }
}

/** Whether an answer would stay the same if the question was asked again. */
export function isFinal(error: unknown): boolean {
  if (isHauloutError(error)) return error.code !== 'chain-unavailable';
  if (error instanceof RpcError) return FINAL_CODES.has(error.code);
  return error instanceof Error && 'reason' in error; // the Sui package's: not found
}

export function unavailable(cause: unknown): HauloutError {
  if (isHauloutError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HauloutError('chain-unavailable', { reason }, { cause });
}
