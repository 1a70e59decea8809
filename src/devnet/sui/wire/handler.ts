import { LinkError } from '../../faults/link-error.ts';
import type { ChainFaults, Refusal } from '../faults.ts';
import { DroppedAnswer } from '../rpc/execution-service.ts';
import type { Method } from '../rpc/service.ts';
import { Code, invalid, RpcStatus } from '../status.ts';
import { readLimited } from './body.ts';
import { dataFrame, decodeText, readMessage, trailerFrame } from './frames.ts';

export type Handler = (request: Request) => Promise<Response>;

const MAX_BODY_BYTES = 1 << 20;

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'grpc-status, grpc-message',
  'cross-origin-resource-policy': 'cross-origin',
};
const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers':
    'content-type, x-grpc-web, x-user-agent, grpc-timeout, x-sui-client-protocol-version, client-sdk-type, client-sdk-version, client-target-api-version, *',
  'access-control-max-age': '86400',
};

/**
 * The full node's door: gRPC-web over any kind of HTTP. A dropped answer is a LinkError: whoever holds the socket breaks it.
 */
export function grpcWebHandler(methods: readonly Method[], faults: ChainFaults): Handler {
  const table = new Map(methods.map((method) => [method.path, method]));
  return async (request) => {
    if (request.method === 'OPTIONS')
      return new Response(null, { status: 200, headers: PREFLIGHT });
    if (request.method !== 'POST') {
      return new Response('gRPC-web takes POST only\n', {
        status: 405,
        headers: { ...CORS, allow: 'POST, OPTIONS' },
      });
    }
    try {
      const refusal = faults.takeRefusal();
      if (refusal) return refused(refusal);
      const { pathname } = new URL(request.url);
      const method = table.get(pathname);
      if (!method)
        throw new RpcStatus(
          Code.unimplemented,
          `the local chain does not know ${pathname.slice(0, 200)}`,
        );
      const input = decode(method, readMessage(await readBody(request)));
      return await answer(method, input, request.signal);
    } catch (error) {
      if (error instanceof DroppedAnswer) throw new LinkError('reset');
      return respond([trailerOf(error)]);
    }
  };
}

function decode(method: Method, bytes: Uint8Array): object {
  try {
    return method.input.fromBinary(bytes);
  } catch (cause) {
    throw invalid(`the body is not a ${method.input.typeName}: ${(cause as Error).message}`);
  }
}

async function answer(method: Method, input: object, signal: AbortSignal): Promise<Response> {
  if (method.unary) {
    const output = await method.unary(input as never);
    return respond([encode(method, output), trailerFrame(0, '')]);
  }
  if (!method.stream) {
    throw new RpcStatus(
      Code.unimplemented,
      `the local chain does not offer ${method.path.slice(1)}`,
    );
  }
  const ended = new AbortController();
  signal.addEventListener('abort', () => ended.abort());
  const items = method.stream(input as never, ended.signal)[Symbol.asyncIterator]();
  return new Response(streamOf(method, items, ended), { headers: HEADERS });
}

function streamOf(
  method: Method,
  items: AsyncIterator<object>,
  ended: AbortController,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await items.next();
        controller.enqueue(done ? trailerFrame(0, '') : encode(method, value));
        if (done) controller.close();
      } catch (error) {
        controller.enqueue(trailerOf(error));
        controller.close();
      }
    },
    cancel: () => ended.abort(),
  });
}

const encode = ({ output }: Method, message: object): Uint8Array =>
  dataFrame(output.toBinary(output.create(message)));

const HEADERS = { ...CORS, 'content-type': 'application/grpc-web+proto' };

function respond(frames: readonly Uint8Array[]): Response {
  const body = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of frames) {
    body.set(each, at);
    at += each.length;
  }
  return new Response(body, { headers: { ...HEADERS, 'content-length': `${body.length}` } });
}

function refused(as: Refusal): Response {
  switch (as) {
    case 'UNAVAILABLE':
      throw new RpcStatus(Code.unavailable, 'the full node is overloaded');
    case 'RESOURCE_EXHAUSTED':
      throw new RpcStatus(Code.resourceExhausted, 'too many requests');
    case 'HTTP_429': {
      const headers = { ...CORS, 'content-type': 'text/plain', 'retry-after': '1' };
      return new Response('too many requests\n', { status: 429, headers });
    }
    case 'HTTP_502': {
      // Proxies know nothing of CORS.
      const headers = { 'content-type': 'text/html' };
      return new Response('<html><body>502 Bad Gateway</body></html>', { status: 502, headers });
    }
  }
}

/** A bug of the chain is told as what it is, with its words but without a place in the code. */
function trailerOf(error: unknown): Uint8Array {
  if (error instanceof RpcStatus) return trailerFrame(error.code, error.message);
  return trailerFrame(Code.internal, error instanceof Error ? error.message : 'internal error');
}

/** @throws RpcStatus for a body that is too large, cut off or of another kind */
async function readBody(request: Request): Promise<Uint8Array> {
  const kind = (request.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  const isText = kind === 'application/grpc-web-text' || kind === 'application/grpc-web-text+proto';
  const isBinary = kind === 'application/grpc-web' || kind === 'application/grpc-web+proto';
  if (!isText && !isBinary) throw invalid(`${JSON.stringify(kind.slice(0, 80))} is not gRPC-web`);
  const bytes = await readLimited(request, MAX_BODY_BYTES);
  return isText ? decodeText(bytes) : bytes;
}
