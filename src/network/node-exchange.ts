import { HauloutError } from '../protocol/errors.ts';
import type { HttpRequest, Transport, TransportLimits } from '../protocol/ports.ts';
import { fieldOf, jsonOf } from './exchange.ts';

/**
 * Asks a storage node.
 *
 * @returns a success
 * @throws HauloutError 'node-refused' for any other answer, those of `Transport`
 */
export async function askNode(
  transport: Transport,
  request: HttpRequest,
  limits: TransportLimits,
  signal: AbortSignal,
): Promise<Response> {
  const response = await transport.send(request, limits, signal);
  if (response.ok) return response;
  const { host } = new URL(request.url);
  const reason = await refusalOf(response, host);
  const detail = { host, status: response.status };
  throw new HauloutError('node-refused', reason === undefined ? detail : { ...detail, reason });
}

/** What is in the envelope of a node's success. @throws HauloutError 'answer-unusable', those of `Transport` */
export async function dataOf(response: Response, host: string): Promise<unknown> {
  const data = fieldOf(fieldOf(await jsonOf(response, host), 'success'), 'data');
  if (data === undefined) throw new HauloutError('answer-unusable', { host, reason: 'shape' });
  return data;
}

/** The reason in a node's envelope; undefined if the answer is not the node's own. */
async function refusalOf(response: Response, host: string): Promise<string | undefined> {
  try {
    const details = fieldOf(fieldOf(await jsonOf(response, host), 'error'), 'details');
    const reason = fieldOf(Array.isArray(details) ? details[0] : undefined, 'reason');
    return typeof reason === 'string' && /^[A-Z_]{1,64}$/.test(reason) ? reason : undefined;
  } catch {
    return undefined;
  }
}
