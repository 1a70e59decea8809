import { HauloutError } from '../protocol/errors.ts';
import type { Transport } from '../protocol/ports.ts';
import { fieldOf, JSON_LIMIT } from './exchange.ts';
import { askNode, dataOf } from './node-exchange.ts';

/** What a node says of itself. */
export interface NodeHealthAnswer {
  /** in which it believes to be */
  readonly epoch: number;
  /** its word for it: 'Active', 'RecoveryInProgress', … */
  readonly status: string;
}

/**
 * Asks a node how it is.
 *
 * @param url of the node, without a slash at the end
 * @throws HauloutError 'node-refused', 'answer-unusable', those of `Transport`
 */
export async function nodeHealth(
  transport: Transport,
  url: string,
  idleMs: number,
  signal: AbortSignal,
): Promise<NodeHealthAnswer> {
  const { host } = new URL(url);
  const request = { url: `${url}/v1/health`, method: 'GET' } as const;
  const response = await askNode(transport, request, { idleMs, maxBytes: JSON_LIMIT }, signal);
  const data = await dataOf(response, host);
  const [epoch, status] = [fieldOf(data, 'epoch'), fieldOf(data, 'nodeStatus')];
  if (typeof epoch === 'number' && typeof status === 'string') return { epoch, status };
  throw new HauloutError('answer-unusable', { host, reason: 'shape' });
}
