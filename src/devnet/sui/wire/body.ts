import { Code, RpcStatus } from '../status.ts';

/**
 * Reads a request's body, and no more of it than it may have.
 *
 * @throws RpcStatus RESOURCE_EXHAUSTED for a body of more than `limit` bytes, CANCELLED for one that is cut off
 */
export async function readLimited(request: Request, limit: number): Promise<Uint8Array> {
  const reader = request.body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > limit) {
        await reader.cancel().catch(() => {});
        throw new RpcStatus(Code.resourceExhausted, `the body is larger than ${limit} bytes`);
      }
      parts.push(value);
    }
  } catch (error) {
    if (error instanceof RpcStatus) throw error;
    throw new RpcStatus(Code.cancelled, 'the body ended early');
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
