import type { Axis } from '../../protocol/axis.ts';
import { parseBlobId } from '../../protocol/blob-id.ts';
import { ByteReader } from '../../protocol/byte-reader.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { symbolsPerSliver } from '../../protocol/geometry.ts';
import { invalidBlobMessage } from '../../protocol/messages.ts';
import { HASH_BYTES } from '../../protocol/metadata.ts';
import { readBody } from './body.ts';
import { signed } from './confirmation.ts';
import { findMetadata, type NodeCore } from './core.ts';
import { NodeError } from './errors.ts';
import { METADATA_BODY_LIMIT } from './put-metadata.ts';
import { success } from './reply.ts';

interface Proof {
  readonly targetSliverIndex: number;
  /** BCS RecoverySymbol each */
  readonly symbols: readonly Uint8Array[];
}

/**
 * `POST …/inconsistencyProof/{axis}`: symbols that are all in the slivers that the metadata commits to, and that
 * together give a sliver to which it does not.
 */
export async function attestInconsistency(
  core: NodeCore,
  request: Request,
  { blobId, axis }: { blobId: string; axis: Axis },
): Promise<Response> {
  const proof = readProof(await readBody(request, METADATA_BODY_LIMIT));
  const metadata = await findMetadata(core, blobId);
  if (metadata?.stored !== true) throw new NodeError('METADATA_NOT_FOUND', undefined, true);
  const { geometry } = metadata;
  const { shardCount } = geometry;
  if (proof.targetSliverIndex >= shardCount) throw new NodeError('INVALID_PROOF', 'no such sliver');
  if (proof.symbols.length < symbolsPerSliver(geometry, axis)) {
    throw new NodeError('INVALID_PROOF', 'too few symbols');
  }
  try {
    await core.doors.verifier.run({
      kind: 'recover',
      shardCount,
      blobId,
      metadata: metadata.bytes,
      axis,
      sliverIndex: proof.targetSliverIndex,
      symbols: proof.symbols,
    });
  } catch (error) {
    if (isHauloutError(error, 'blob-inconsistent')) {
      return success(signed(core, invalidBlobMessage(core.registry.epoch, parseBlobId(blobId))));
    }
    if (isHauloutError(error)) throw new NodeError('INVALID_PROOF', error.message);
    throw error;
  }
  throw new NodeError('INVALID_PROOF', 'the sliver is the right one');
}

/** Cuts a BCS InconsistencyProof into its symbols. @throws NodeError INVALID_CONTENT_TYPE */
function readProof(bytes: Uint8Array): Proof {
  try {
    const reader = new ByteReader(bytes, 'symbol-malformed');
    const targetSliverIndex = reader.u16();
    const symbols = Array.from({ length: Math.min(reader.uleb(), bytes.length) }, () => {
      const begin = bytes.length - reader.left;
      reader.u16();
      reader.take(reader.uleb());
      for (let nodes = reader.uleb(); nodes > 0; nodes--) {
        if (reader.uleb() === 1) reader.take(HASH_BYTES);
      }
      return bytes.slice(begin, bytes.length - reader.left);
    });
    reader.end();
    return { targetSliverIndex, symbols };
  } catch (error) {
    if (isHauloutError(error)) throw new NodeError('INVALID_CONTENT_TYPE', error.message);
    throw error;
  }
}
