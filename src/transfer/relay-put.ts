import { postBlob } from '../network/relay-client.ts';
import { parseBlobId } from '../protocol/blob-id.ts';
import { type Certificate, verifyAggregate } from '../protocol/certificate.ts';
import { quorumWeight, type StorageCommittee, weightOf } from '../protocol/committee.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { confirmationMessage, readConfirmation } from '../protocol/messages.ts';
import { objectIdBytes } from '../protocol/object-id.ts';
import { sameBytes } from '../protocol/same-bytes.ts';
import type { Certified, TransferDoors } from './put-types.ts';
import type { RelayPut } from './relay-types.ts';

const TRIES = 4;
const FIRST_WAIT_MS = 500;
/** Errors after which the same request, with the same payment, may do. */
const PASSING = ['relay-unavailable', 'host-unreachable', 'host-silent', 'answer-unusable'];

/**
 * Sends a blob through an upload relay, again with the same payment while what fails may pass. The relay is trusted
 * with nothing: its certificate counts after it is verified as the contract does.
 *
 * @throws HauloutError 'relay-refused', 'relay-receipt-stale', 'relay-unavailable', 'certificate-mismatch',
 *   'answer-unusable', those of `Transport`; what `put.committee` rejects with
 */
export async function putThroughRelay(
  doors: TransferDoors,
  put: RelayPut,
  signal: AbortSignal,
): Promise<Certified> {
  for (let tries = 1; ; tries++) {
    try {
      const certificate = await postBlob(doors.transport, put, signal);
      return await verified(put, certificate);
    } catch (error) {
      if (tries >= TRIES || !mayPass(error, put)) throw error;
      const ms = FIRST_WAIT_MS * 2 ** tries;
      await doors.clock.sleep(ms / 2 + doors.random.below(ms), signal);
    }
  }
}

function mayPass(error: unknown, { payment }: RelayPut): boolean {
  if (!isHauloutError(error)) return false;
  // The epoch may have ended while the relay was at work.
  if (isHauloutError(error, 'certificate-mismatch')) return error.detail.reason === 'epoch';
  // The relay's full node may not know the payment yet.
  if (isHauloutError(error, 'relay-refused')) {
    return payment !== undefined && error.detail.status === 400;
  }
  return PASSING.includes(error.code);
}

async function verified(put: RelayPut, certificate: Certificate): Promise<Certified> {
  const said = readConfirmation(certificate.message);
  let committee = await put.committee();
  if (said !== undefined && said.epoch > committee.epoch)
    committee = await put.committee(committee);
  const flaw = flawOf(put, certificate, committee);
  if (flaw !== undefined) throw new HauloutError('certificate-mismatch', { reason: flaw });
  return { certificate, committee };
}

/** Why the contract would not take a certificate for this blob in this epoch. */
function flawOf(
  { blobId, objectId }: RelayPut,
  certificate: Certificate,
  committee: StorageCommittee,
): 'message' | 'epoch' | 'signers' | 'weight' | 'signature' | undefined {
  const { epoch } = committee;
  const object = objectId === undefined ? {} : { objectId: objectIdBytes(objectId) };
  const expected = { blobId: parseBlobId(blobId), ...object };
  const { message } = certificate;
  if (!sameBytes(message, confirmationMessage({ epoch, ...expected }))) {
    const said = readConfirmation(message);
    const isOurs =
      said !== undefined &&
      sameBytes(message, confirmationMessage({ epoch: said.epoch, ...expected }));
    return isOurs ? 'epoch' : 'message';
  }
  try {
    if (weightOf(committee, certificate.signers) < quorumWeight(committee.shardCount)) {
      return 'weight';
    }
  } catch {
    return 'signers';
  }
  return verifyAggregate(committee, certificate) ? undefined : 'signature';
}
