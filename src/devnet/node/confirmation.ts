import { hexToBytes } from '@noble/hashes/utils.js';
import { parseBlobId } from '../../protocol/blob-id.ts';
import { confirmationMessage } from '../../protocol/messages.ts';
import { AXES, assignment, type Mode, type NodeCore, pairOf } from './core.ts';
import { NodeError } from './errors.ts';
import { flushPending } from './flush-pending.ts';
import { success } from './reply.ts';

export interface ConfirmationRequest {
  readonly blobId: string;
  /** of a deletable blob */
  readonly objectId?: string;
  /** how long to wait for the registration */
  readonly waitMs: number;
}

export async function confirm(
  core: NodeCore,
  { blobId, objectId, waitMs }: ConfirmationRequest,
  mode: Mode,
): Promise<Response> {
  if (mode.lieConfirm !== true) {
    await waitForRegistration(core, blobId, waitMs);
    await flushPending(core, blobId);
  }
  // An epoch may have begun meanwhile.
  const { epoch, shards } = assignment(core, mode);
  if (mode.lieConfirm !== true) {
    const complete = shards.every((shard) => {
      const pair = pairOf(core, blobId, shard);
      return AXES.every((axis) => core.store.has(blobId, axis, pair));
    });
    if (!complete) throw new NodeError('MISSING_SLIVERS');
    if (objectId !== undefined && !core.registry.isDeletableObject(blobId, objectId)) {
      throw new NodeError('NOT_REGISTERED', 'no such deletable blob');
    }
  }
  const object = objectId === undefined ? {} : { objectId: hexToBytes(objectId.slice(2)) };
  const message = confirmationMessage({ epoch, blobId: parseBlobId(blobId), ...object });
  return success({ signed: signed(core, message) });
}

/** A message and the node's signature, as they travel. */
export function signed(
  core: NodeCore,
  message: Uint8Array,
): { serializedMessage: string; signature: string } {
  const signature = core.doors.signer.sign(core.identity.secretKey, message);
  return { serializedMessage: toBase64(message), signature: toBase64(signature) };
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** A node waits only for blobs of which it has something in memory. */
async function waitForRegistration(core: NodeCore, blobId: string, waitMs: number): Promise<void> {
  if (core.registry.isRegistered(blobId)) return;
  if (core.pending.metadata(blobId) !== undefined) {
    await core.waiters.wait(blobId, Math.min(waitMs, core.settings.longPollMs));
  }
  if (!core.registry.isRegistered(blobId)) throw new NodeError('NOT_REGISTERED');
}
