import { FrameworkError, NodeError } from './errors.ts';

const JSON_TYPE = 'application/json';
const BYTES_TYPE = 'application/octet-stream';
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** An answer with a known length; streams come with theirs. */
export function reply(
  status: number,
  contentType: string,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  bytes: number,
): Response {
  const headers = { 'content-type': contentType, 'content-length': String(bytes) };
  return new Response(body, { status, headers });
}

export function jsonReply(status: number, value: unknown): Response {
  const body = new TextEncoder().encode(JSON.stringify(value));
  return reply(status, JSON_TYPE, body, body.length);
}

/** The envelope of success. */
export function success(data: unknown, code = 200): Response {
  return jsonReply(code, { success: { code, data } });
}

export function bytesReply(bytes: Uint8Array): Response {
  return reply(200, BYTES_TYPE, bytes as Uint8Array<ArrayBuffer>, bytes.length);
}

export function streamReply(stream: ReadableStream<Uint8Array>, bytes: number): Response {
  return reply(200, BYTES_TYPE, stream, bytes);
}

export function textReply(status: number, text: string): Response {
  const body = new TextEncoder().encode(text);
  if (body.length > 0) return reply(status, TEXT_TYPE, body, body.length);
  return new Response(null, { status, headers: { 'content-length': '0' } });
}

/** The envelope of failure. */
export function failure(error: NodeError): Response {
  const { httpStatus, statusName, message, reason, domain } = error;
  const details: unknown[] = [{ '@type': 'ErrorInfo', reason, domain, metadata: {} }];
  if (reason === 'INTERNAL_ERROR') {
    details.push({ '@type': 'DebugInfo', stackEntries: [], detail: 'TraceID: 0' });
  }
  return jsonReply(httpStatus, {
    error: { code: httpStatus, status: statusName, message, details },
  });
}

/** Turns whatever a handler threw into an answer. Details of unexpected errors stay inside. */
export function errorReply(error: unknown): Response {
  if (error instanceof NodeError) return failure(error);
  if (error instanceof FrameworkError) {
    const response = textReply(error.httpStatus, error.message);
    if (error.allow !== undefined) response.headers.set('allow', error.allow);
    return response;
  }
  return failure(new NodeError('INTERNAL_ERROR'));
}
