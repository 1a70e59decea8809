import type { Clock, Random } from '../../protocol/ports.ts';
import { bodyOf, withBody } from './change-answer.ts';
import type { CommonAction, Span } from './common-rules.ts';
import { LinkError } from './link-error.ts';
import { broken } from './pace.ts';
import type { Chance, RuleBook } from './rule-book.ts';

/** A request to a server with faults, and what a fault can reach. */
export interface FaultyExchange {
  readonly request: Request;
  readonly faults: Pick<RuleBook<Chance, unknown>, 'random' | 'hold'>;
  readonly clock: Clock;
  /** settles when the server's life ends */
  readonly gone: Promise<void>;
  /** what the server answers without the fault */
  answer(request: Request): Promise<Response>;
  /** Ends this life of the server and starts the next one after `ms`. */
  restart(ms: number): void;
}

/**
 * Answers a request as a fault has it that any server can have.
 *
 * @throws LinkError where there is no answer
 */
export async function commonAnswer(
  exchange: FaultyExchange,
  action: CommonAction,
): Promise<Response> {
  const { request, answer, restart } = exchange;
  switch (action.type) {
    case 'refuse':
      throw new LinkError('refused');
    case 'blackhole':
      await over(exchange);
      throw new LinkError('reset');
    case 'drop': {
      const response = await answer(request);
      const part = partOf(await bodyOf(response), action.fraction);
      const body = broken(part, action.how === 'fin' ? 'closed' : 'reset');
      return new Response(body, { status: response.status, headers: response.headers });
    }
    case 'truncate': {
      const response = await answer(request);
      return withBody(response, partOf(await bodyOf(response), action.fraction));
    }
    case 'restart':
      restart(action.ms ?? 0);
      throw new LinkError('reset');
    case 'hold':
      return held(exchange, action);
  }
}

/** A number out of a span; nothing is drawn for a fixed one. */
export function drawn(span: Span | undefined, random: Random): number {
  if (span === undefined || typeof span === 'number') return span ?? 0;
  const [min, max] = span;
  return min + random.below(Math.max(1, max - min + 1));
}

const partOf = (bytes: Uint8Array, fraction = 0.5) =>
  bytes.slice(0, Math.floor(bytes.length * fraction));

async function held(
  exchange: FaultyExchange,
  { name, what }: Extract<CommonAction, { type: 'hold' }>,
): Promise<Response> {
  const { faults, answer, request } = exchange;
  const wait = async () => {
    if (!(await faults.hold(name, over(exchange)))) throw new LinkError('reset');
  };
  if (what !== 'answer') await wait();
  const response = await answer(request);
  if (what === 'answer') await wait();
  return response;
}

/** Settles when the server's life ends or its client leaves. */
function over({ gone, request: { signal } }: FaultyExchange): Promise<void> {
  return new Promise((resolve) => {
    void gone.then(resolve);
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
