import type { Clock, Random } from '../../protocol/ports.ts';
import { bodyOf, htmlReply, withBody } from '../faults/change-answer.ts';
import { flip } from '../faults/change-bytes.ts';
import { LinkError } from '../faults/link-error.ts';
import { broken, paced } from '../faults/pace.ts';
import type { Span } from '../faults/rules.ts';
import { textReply } from '../node/reply.ts';
import { staleNotFound, wrongCertificate } from './lies.ts';
import type { ServiceAction, ServiceFaults } from './service-faults.ts';

/** What a fault can reach. */
export interface FaultyExchange {
  readonly request: Request;
  readonly faults: ServiceFaults;
  readonly clock: Clock;
  /** settles when the service's life ends */
  readonly gone: Promise<void>;
  /** the path of the blob that was served before this one */
  readonly otherPath: string | undefined;
  handle(request: Request): Promise<Response>;
  restart(ms: number): void;
}

/** Answers a request as a fault has it. @throws LinkError where there is no answer */
export async function faultyService(
  exchange: FaultyExchange,
  action: ServiceAction,
): Promise<Response> {
  const { request, faults, clock, gone, handle } = exchange;
  const { random } = faults;
  switch (action.type) {
    case 'refuse':
      throw new LinkError('refused');
    case 'blackhole':
      await gone;
      throw new LinkError('reset');
    case 'html':
      return htmlReply(200, 'Sign in to the network');
    case 'delay': {
      await clock.sleep(drawn(action.ms, random));
      const response = await handle(request);
      await clock.sleep(drawn(action.firstByte, random));
      return response;
    }
    case 'throttle': {
      const { body, status, headers } = await handle(request);
      return new Response(body && paced(body, clock, 1_000 / action.down), { status, headers });
    }
    case 'drop': {
      const response = await handle(request);
      const part = partOf(await bodyOf(response), action.fraction);
      const body = broken(part, action.how === 'fin' ? 'closed' : 'reset');
      return new Response(body, { status: response.status, headers: response.headers });
    }
    case 'truncate':
      return changed(exchange, (bytes) => partOf(bytes, action.fraction));
    case 'corrupt':
      return changed(exchange, (bytes) => {
        if (bytes.length > 0) flip(bytes, random);
        return bytes;
      });
    case 'status':
      return statusReply(exchange, action);
    case 'otherBlob': {
      const { otherPath } = exchange;
      if (otherPath === undefined) return handle(request);
      const { headers, url } = request;
      return handle(new Request(new URL(otherPath, url), { headers }));
    }
    case 'staleNotFound':
      return staleNotFound();
    case 'wrongCertificate':
      return wrongCertificate(await handle(request), action.what ?? 'signature', random);
    case 'restart':
      exchange.restart(action.ms ?? 0);
      throw new LinkError('reset');
    case 'hold':
      return held(exchange, action);
  }
}

function drawn(span: Span | undefined, random: Random): number {
  if (span === undefined || typeof span === 'number') return span ?? 0;
  const [min, max] = span;
  return min + random.below(Math.max(1, max - min + 1));
}

const partOf = (bytes: Uint8Array, fraction = 0.5) =>
  bytes.slice(0, Math.floor(bytes.length * fraction));

/** Changes the bytes of a successful answer; headers stay as they are, but for the length. */
async function changed(
  { handle, request }: FaultyExchange,
  change: (bytes: Uint8Array) => Uint8Array,
): Promise<Response> {
  const response = await handle(request);
  if (!response.ok) return response;
  const changed = withBody(response, change(await bodyOf(response)));
  const headers = new Headers(response.headers);
  headers.set('content-length', changed.headers.get('content-length') ?? '0');
  return new Response(changed.body, { status: response.status, headers });
}

async function statusReply(
  { handle, request }: FaultyExchange,
  action: Extract<ServiceAction, { type: 'status' }>,
): Promise<Response> {
  const { status, text = 'injected failure', retryAfter, noCors, after } = action;
  if (after) await (await handle(request)).body?.cancel();
  const response = status === 502 ? htmlReply(502, 'Bad gateway') : textReply(status, text);
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter));
  if (!noCors) response.headers.set('access-control-allow-origin', '*');
  return response;
}

async function held(
  { faults, gone, handle, request }: FaultyExchange,
  { name, what }: Extract<ServiceAction, { type: 'hold' }>,
): Promise<Response> {
  const wait = async () => {
    const free = faults.hold(name).then(() => true);
    if (!(await Promise.race([free, gone.then(() => false)]))) throw new LinkError('reset');
  };
  if (what !== 'answer') await wait();
  const response = await handle(request);
  if (what === 'answer') await wait();
  return response;
}
