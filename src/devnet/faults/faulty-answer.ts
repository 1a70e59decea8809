import type { Axis } from '../../protocol/axis.ts';
import type { Mode } from '../node/core.ts';
import { jsonReply, success, textReply } from '../node/reply.ts';
import type { Route } from '../node/route.ts';
import type { StorageNode } from '../node/storage-node.ts';
import { bodyOf, forged, htmlReply, withBody } from './change-answer.ts';
import { corrupted, wrongMetadata } from './change-bytes.ts';
import { commonAnswer, drawn, type FaultyExchange } from './common-answer.ts';
import { LinkError } from './link-error.ts';
import { paced } from './pace.ts';
import type { FaultAction } from './rules.ts';

export interface NodeExchange extends FaultyExchange {
  /** absent if the path is none of the node's */
  readonly route?: Route;
  answer(request: Request, mode?: Mode): Promise<Response>;
  readonly node: StorageNode;
  /** A sliver of the blob in another pair, wherever it lies. */
  otherSliver(blobId: string, axis: Axis, pair: number): Promise<Uint8Array | undefined>;
}

/**
 * Answers a request as a fault has it.
 *
 * @throws LinkError where there is no answer
 */
export async function faultyAnswer(exchange: NodeExchange, action: FaultAction): Promise<Response> {
  const { request, node } = exchange;
  const { random } = exchange.faults;
  switch (action.type) {
    case 'refuse':
    case 'blackhole':
    case 'drop':
    case 'truncate':
    case 'restart':
    case 'hold':
      return commonAnswer(exchange, action);
    case 'delay':
      return delayed(exchange, action);
    case 'throttle': {
      const { up, down } = action;
      return throttled(exchange, up ? 1_000 / up : 0, down ? 1_000 / down : 0);
    }
    case 'dropUpload':
      await readPart(request, action.fraction ?? 0.5);
      throw new LinkError('reset');
    case 'corrupt':
      return changed(exchange, (bytes) => corrupted(bytes, action.where ?? 'random', random));
    case 'wrongLength': {
      if (exchange.route?.name !== 'metadata') return honest(exchange);
      return changed(exchange, (bytes) => wrongMetadata(bytes, action.what ?? 'length', random));
    }
    case 'otherSliver':
      return otherSliver(exchange);
    case 'otherBlob':
      return otherBlob(exchange);
    case 'status':
      return statusAnswer(exchange, action);
    case 'html':
      return node.finish(request, htmlReply(200, 'Sign in to the network'));
    case 'badSignature':
    case 'garbageSignature':
    case 'wrongMessage': {
      const response = await honest(exchange);
      if (exchange.route?.name !== 'confirmation') return response;
      return node.finish(request, await forged(node.core, response, action, random));
    }
    case 'lieStored':
    case 'lieConfirm':
    case 'stale':
      return exchange.answer(request, { [action.type]: true });
    case 'lieStatus':
      return lyingStatus(exchange, action.answer);
    case 'evict':
      node.evict();
      return honest(exchange);
    case 'lag': // concerns the chain's facts, not requests
      return honest(exchange);
  }
}

function honest({ answer, request }: NodeExchange): Promise<Response> {
  return answer(request);
}

async function delayed(
  exchange: NodeExchange,
  action: Extract<FaultAction, { type: 'delay' }>,
): Promise<Response> {
  const { clock, faults } = exchange;
  const { random } = faults;
  const [before, after] = [drawn(action.ms, random), drawn(action.firstByte, random)];
  if (before > 0) await clock.sleep(before);
  const msPerByte = (action.perKiB ?? 0) / 1_024;
  const response = await throttled(exchange, msPerByte, msPerByte);
  if (after > 0) await clock.sleep(after);
  return response;
}

/** @param up, down milliseconds per byte; 0: without delay */
async function throttled(exchange: NodeExchange, up: number, down: number): Promise<Response> {
  const { request, clock } = exchange;
  const { body } = request;
  const slow =
    up > 0 && body !== null
      ? new Request(request, { body: paced(body, clock, up), duplex: 'half' } as RequestInit)
      : request;
  const response = await honest({ ...exchange, request: slow });
  if (down === 0 || response.body === null) return response;
  const { status, headers } = response;
  return new Response(paced(response.body, clock, down), { status, headers });
}

async function readPart(request: Request, fraction: number): Promise<void> {
  const wanted = Number(request.headers.get('content-length') ?? 0) * fraction;
  const reader = request.body?.getReader();
  for (let bytes = 0; reader !== undefined && bytes <= wanted; ) {
    const { done, value } = await reader.read();
    if (done) return;
    bytes += value.length;
  }
}

/** Changes the bytes of a successful answer. */
async function changed(
  exchange: NodeExchange,
  change: (bytes: Uint8Array) => Uint8Array,
): Promise<Response> {
  const response = await honest(exchange);
  if (!response.ok || exchange.request.method !== 'GET') return response;
  const bytes = change(await bodyOf(response));
  return withBody(response, bytes);
}

async function otherSliver(exchange: NodeExchange): Promise<Response> {
  const { route, request } = exchange;
  if (route?.name !== 'sliver' || request.method !== 'GET') return honest(exchange);
  const bytes = await exchange.otherSliver(route.blobId, route.axis, route.pair);
  return bytes === undefined ? honest(exchange) : changed(exchange, () => bytes);
}

async function otherBlob(exchange: NodeExchange): Promise<Response> {
  const { route, node, request } = exchange;
  if (route === undefined || !('blobId' in route) || request.method !== 'GET')
    return honest(exchange);
  const { store } = node.core;
  for (const blobId of store.blobs()) {
    if (blobId === route.blobId) continue;
    const pair = 'pair' in route ? { pair: store.pairs(blobId, route.axis)[0] ?? route.pair } : {};
    const response = await node.answer(request, { ...route, blobId, ...pair } as Route);
    if (response.ok) return response;
    await response.body?.cancel();
  }
  return honest(exchange);
}

function statusAnswer(
  { node, request }: NodeExchange,
  action: Extract<FaultAction, { type: 'status' }>,
): Response {
  const { status, reason, retryAfter, noCors } = action;
  const response =
    reason !== undefined
      ? envelope(status, reason)
      : status === 502
        ? htmlReply(502, 'Bad gateway')
        : textReply(status, 'injected failure');
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter));
  const finished = node.finish(request, response);
  if (noCors === true) finished.headers.delete('access-control-allow-origin');
  return finished;
}

function envelope(code: number, reason: string): Response {
  const domain = 'storage.walrus.space';
  const details = [{ '@type': 'ErrorInfo', reason, domain, metadata: {} }];
  const status = code === 404 ? 'NOT_FOUND' : code < 500 ? 'FAILED_PRECONDITION' : 'INTERNAL';
  return jsonReply(code, { error: { code, status, message: 'injected failure', details } });
}

async function lyingStatus(
  exchange: NodeExchange,
  answer: 'nonexistent' | 'permanent' | 'stored',
): Promise<Response> {
  const { route, node, request, faults } = exchange;
  const asked = route?.name;
  const isStored = asked === 'metadataStatus' || asked === 'sliverStatus';
  if (asked !== 'status' && !isStored) return honest(exchange);
  if (answer === 'nonexistent') return node.finish(request, success('nonexistent'));
  if (isStored) return node.finish(request, success('stored'));
  if (answer === 'stored') return honest(exchange);
  const { epoch } = node.core.registry;
  const statusEvent = { txDigest: '1'.repeat(32 + faults.random.below(12)), eventSeq: '0' };
  const permanent = {
    endEpoch: epoch + 50,
    isCertified: true,
    statusEvent,
    deletableCounts: { count_deletable_total: 0, count_deletable_certified: 0 },
    initialCertifiedEpoch: epoch,
  };
  return node.finish(request, success({ permanent }));
}
