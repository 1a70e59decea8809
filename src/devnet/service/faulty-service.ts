import { bodyOf, htmlReply, withBody } from '../faults/change-answer.ts';
import { flip } from '../faults/change-bytes.ts';
import { commonAnswer, drawn, type FaultyExchange } from '../faults/common-answer.ts';
import { paced } from '../faults/pace.ts';
import { textReply } from '../node/reply.ts';
import { staleNotFound, wrongCertificate } from './lies.ts';
import type { ServiceAction } from './service-faults.ts';

export interface ServiceExchange extends FaultyExchange {
  /** the path of the blob that was served before this one */
  readonly otherPath: string | undefined;
}

/** Answers a request as a fault has it. @throws LinkError where there is no answer */
export async function faultyService(
  exchange: ServiceExchange,
  action: ServiceAction,
): Promise<Response> {
  const { request, clock, answer } = exchange;
  const { random } = exchange.faults;
  switch (action.type) {
    case 'refuse':
    case 'blackhole':
    case 'drop':
    case 'truncate':
    case 'restart':
    case 'hold':
      return commonAnswer(exchange, action);
    case 'html':
      return htmlReply(200, 'Sign in to the network');
    case 'delay': {
      await clock.sleep(drawn(action.ms, random));
      const response = await answer(request);
      await clock.sleep(drawn(action.firstByte, random));
      return response;
    }
    case 'throttle': {
      const { body, status, headers } = await answer(request);
      return new Response(body && paced(body, clock, 1_000 / action.down), { status, headers });
    }
    case 'corrupt': {
      const response = await answer(request);
      if (!response.ok) return response;
      const bytes = await bodyOf(response);
      flip(bytes, random);
      return withBody(response, bytes);
    }
    case 'status':
      return statusReply(exchange, action);
    case 'otherBlob': {
      const { otherPath } = exchange;
      if (otherPath === undefined) return answer(request);
      const { headers, url } = request;
      return answer(new Request(new URL(otherPath, url), { headers }));
    }
    case 'staleNotFound':
      return staleNotFound();
    case 'wrongCertificate':
      return wrongCertificate(await answer(request), action.what ?? 'signature', random);
  }
}

async function statusReply(
  { answer, request }: ServiceExchange,
  action: Extract<ServiceAction, { type: 'status' }>,
): Promise<Response> {
  const { status, text = 'injected failure', retryAfter, noCors, after } = action;
  if (after) await (await answer(request)).body?.cancel();
  const response = status === 502 ? htmlReply(502, 'Bad gateway') : textReply(status, text);
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter));
  if (!noCors) response.headers.set('access-control-allow-origin', '*');
  return response;
}
