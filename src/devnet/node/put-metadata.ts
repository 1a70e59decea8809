import { isHauloutError } from '../../protocol/errors.ts';
import { readBody } from './body.ts';
import type { Mode, NodeCore } from './core.ts';
import { NodeError } from './errors.ts';
import { success } from './reply.ts';
import { readMetadataShape } from './wire-metadata.ts';

export const METADATA_BODY_LIMIT = 2 << 20;

export interface PutRequest {
  readonly request: Request;
  readonly blobId: string;
  /** whether to keep it in memory until the blob is registered */
  readonly pending: boolean;
}

export async function putMetadata(core: NodeCore, put: PutRequest, mode: Mode): Promise<Response> {
  const { request, blobId, pending } = put;
  checkContentType(request);
  const bytes = await readBody(request, METADATA_BODY_LIMIT);
  const { encodingSupported } = readMetadataShape(bytes);
  return core.inTurn(`metadata ${blobId}`, async () => {
    if (core.registry.isInvalid(blobId)) throw new NodeError('INVALID_BLOB');
    if (core.store.hasMetadata(blobId) || core.pending.metadata(blobId) !== undefined) {
      return success('metadata already stored');
    }
    if (!encodingSupported) throw new NodeError('UNSUPPORTED_ENCODING_TYPE');
    verify(core, blobId, bytes);
    if (core.registry.isRegistered(blobId)) {
      if (mode.lieStored !== true) await core.store.putMetadata(blobId, bytes);
      return success('metadata successfully stored', 201);
    }
    if (!pending) throw new NodeError('NOT_REGISTERED');
    if (mode.lieStored !== true && !core.pending.addMetadata(blobId, bytes))
      throw new NodeError('CACHE_SATURATED');
    return success('metadata buffered pending registration', 202);
  });
}

function checkContentType(request: Request): void {
  const type = request.headers.get('content-type');
  if (type === null || /^application\/octet-stream\s*(;|$)/i.test(type)) return;
  throw new NodeError('INVALID_CONTENT_TYPE', 'application/octet-stream is expected');
}

function verify(core: NodeCore, blobId: string, bytes: Uint8Array): void {
  try {
    core.doors.shelf.verify(blobId, bytes);
  } catch (error) {
    if (isHauloutError(error)) throw new NodeError('INVALID_METADATA', error.message);
    throw error;
  }
}
