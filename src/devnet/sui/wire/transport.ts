import { GrpcWebFetchTransport, type RpcTransport } from '@mysten/sui/grpc';
import type { Handler } from './handler.ts';

/**
 * The chain without a port: the official client's own transport, whose requests go straight to `handler`. Everything but
 * the socket stays in play.
 */
export function inProcessTransport(handler: Handler): RpcTransport {
  return new GrpcWebFetchTransport({
    baseUrl: 'http://chain.invalid',
    format: 'binary',
    fetch: (url, init) => send(handler, new Request(url, init)),
  });
}

async function send(handler: Handler, request: Request): Promise<Response> {
  const { signal } = request;
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([handler(request), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
