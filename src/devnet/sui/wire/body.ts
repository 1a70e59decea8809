import { readBody } from '../../node/body.ts';
import { FrameworkError } from '../../node/errors.ts';
import { Code, RpcStatus } from '../status.ts';

/**
 * Reads a request's body, and no more of it than it may have.
 *
 * @throws RpcStatus RESOURCE_EXHAUSTED for a body of more than `limit` bytes, CANCELLED for one that is cut off
 */
export async function readLimited(request: Request, limit: number): Promise<Uint8Array> {
  try {
    return await readBody(request, limit);
  } catch (error) {
    if (error instanceof FrameworkError) {
      throw new RpcStatus(Code.resourceExhausted, `the body is larger than ${limit} bytes`);
    }
    throw new RpcStatus(Code.cancelled, 'the body ended early');
  }
}
