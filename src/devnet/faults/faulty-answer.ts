import type { Axis } from '../../protocol/axis.ts';
import type { Clock, Random } from '../../protocol/ports.ts';
import type { Mode } from '../node/core.ts';
import { jsonReply, success, textReply } from '../node/reply.ts';
import type { Route } from '../node/route.ts';
import type { StorageNode } from '../node/storage-node.ts';
import { bodyOf, forged, htmlReply, withBody } from './change-answer.ts';
import { corrupted, wrongMetadata } from './change-bytes.ts';
import type { FaultEngine } from './engine.ts';
import { LinkError } from './link-error.ts';
import { broken, paced } from './pace.ts';
import type { FaultAction, Span } from './rules.ts';

/** What a fault can reach beyond its own node. */
export interface FaultWorld {
  readonly clock: Clock;
  /** Settles when the node's life ends. */
  readonly gone: Promise<void>;
  /** A sliver of the blob in another pair, wherever it lies. */
  otherSliver(blobId: string, axis: Axis, pair: number): Promise<Uint8Array | undefined>;
  /** Ends this life of the node and starts the next one after `ms`. */
  restart(ms: number): void;
}

export interface Exchange {
  readonly request: Request;
  /** absent if the path is none of the node's */
  readonly route?: Route;
  /** What the node answers without the fault. */
  answer(request: Request, mode?: Mode): Promise<Response>;
  readonly node: StorageNode;
  readonly engine: FaultEngine;
  readonly world: FaultWorld;
}

/**
 * Answers a request as a fault has it.
 *
 * @throws LinkError where there is no answer
 */
export async function faultyAnswer(exchange: Exchange, action: FaultAction): Promise<Response> {
  const { request, node, engine, world } = exchange;
  const { random } = engine;
  switch (action.type) {
    case 'refuse':
      throw new LinkError('refused');
    case 'blackhole':
      await world.gone;
      throw new LinkError('reset');
    case 'delay':
      return delayed(exchange, action);
    case 'throttle': {
      const { up, down } = action;
      return throttled(exchange, up ? 1_000 / up : 0, down ? 1_000 / down : 0);
    }
    case 'drop': {
      const response = await honest(exchange);
      const bytes = await bodyOf(response);
      const part = bytes.subarray(0, Math.floor(bytes.length * (action.fraction ?? 0.5)));
      const body = broken(part, action.how === 'fin' ? 'closed' : 'reset');
      return new Response(body, { status: response.status, headers: response.headers });
    }
    case 'dropUpload':
      await readPart(request, action.fraction ?? 0.5);
      throw new LinkError('reset');
    case 'truncate': {
      const response = await honest(exchange);
      const bytes = await bodyOf(response);
      const part = bytes.slice(0, Math.floor(bytes.length * (action.fraction ?? 0.5)));
      return node.finish(request, withBody(response, part));
    }
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
    case 'restart':
      world.restart(action.ms ?? 0);
      throw new LinkError('reset');
    case 'hold':
      return held(exchange, action);
    case 'lag': // concerns the chain's facts, not requests
      return honest(exchange);
  }
}

function honest({ answer, request }: Exchange): Promise<Response> {
  return answer(request);
}

function drawn(span: Span | undefined, random: Random): number {
  if (span === undefined) return 0;
  if (typeof span === 'number') return span;
  const [min, max] = span;
  return min + random.below(Math.max(1, max - min + 1));
}

async function delayed(
  exchange: Exchange,
  action: Extract<FaultAction, { type: 'delay' }>,
): Promise<Response> {
  const { engine, world } = exchange;
  const [before, after] = [drawn(action.ms, engine.random), drawn(action.firstByte, engine.random)];
  if (before > 0) await world.clock.sleep(before);
  const msPerByte = (action.perKiB ?? 0) / 1_024;
  const response = await throttled(exchange, msPerByte, msPerByte);
  if (after > 0) await world.clock.sleep(after);
  return response;
}

/** @param up, down milliseconds per byte; 0: without delay */
async function throttled(exchange: Exchange, up: number, down: number): Promise<Response> {
  const { request, world } = exchange;
  const { body } = request;
  const slow =
    up > 0 && body !== null
      ? new Request(request, { body: paced(body, world.clock, up), duplex: 'half' } as RequestInit)
      : request;
  const response = await honest({ ...exchange, request: slow });
  if (down === 0 || response.body === null) return response;
  const { status, headers } = response;
  return new Response(paced(response.body, world.clock, down), { status, headers });
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
  exchange: Exchange,
  change: (bytes: Uint8Array) => Uint8Array,
): Promise<Response> {
  const response = await honest(exchange);
  if (!response.ok || exchange.request.method !== 'GET') return response;
  const bytes = change(await bodyOf(response));
  return exchange.node.finish(exchange.request, withBody(response, bytes));
}

async function otherSliver(exchange: Exchange): Promise<Response> {
  const { route, request, world } = exchange;
  if (route?.name !== 'sliver' || request.method !== 'GET') return honest(exchange);
  const bytes = await world.otherSliver(route.blobId, route.axis, route.pair);
  return bytes === undefined ? honest(exchange) : changed(exchange, () => bytes);
}

async function otherBlob(exchange: Exchange): Promise<Response> {
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
  { node, request }: Exchange,
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
  exchange: Exchange,
  answer: 'nonexistent' | 'permanent' | 'stored',
): Promise<Response> {
  const { route, node, request, engine } = exchange;
  const asked = route?.name;
  const isStored = asked === 'metadataStatus' || asked === 'sliverStatus';
  if (asked !== 'status' && !isStored) return honest(exchange);
  if (answer === 'nonexistent') return node.finish(request, success('nonexistent'));
  if (isStored) return node.finish(request, success('stored'));
  if (answer === 'stored') return honest(exchange);
  const { epoch } = node.core.registry;
  const statusEvent = { txDigest: '1'.repeat(32 + engine.random.below(12)), eventSeq: '0' };
  const permanent = {
    endEpoch: epoch + 50,
    isCertified: true,
    statusEvent,
    deletableCounts: { count_deletable_total: 0, count_deletable_certified: 0 },
    initialCertifiedEpoch: epoch,
  };
  return node.finish(request, success({ permanent }));
}

async function held(
  exchange: Exchange,
  { name, what }: Extract<FaultAction, { type: 'hold' }>,
): Promise<Response> {
  const { engine, world } = exchange;
  const wait = async () => {
    const released = await Promise.race([
      engine.hold(name).then(() => true),
      world.gone.then(() => false),
    ]);
    if (!released) throw new LinkError('reset');
  };
  if (what !== 'answer') await wait();
  const response = await honest(exchange);
  if (what === 'answer') await wait();
  return response;
}
