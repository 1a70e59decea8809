import type { StorageNodeCap } from '../../../chain/layouts/staking.ts';
import type {
  EventBlobCertificationState,
  SystemStateInner,
} from '../../../chain/layouts/system.ts';
import { burn, certify, newBlob } from './blob.ts';
import { isQuorum, weightOfNode } from './bls-aggregate.ts';
import { type Call, check } from './call.ts';
import { encodedBlobLength } from './encoding.ts';
import { epochOf, MODULE, reserveWithoutPayment, shardsOf } from './system-state-inner.ts';

const INVALID_ID_EPOCH = 3;
const INCORRECT_ATTESTATION = 6;
const REPEATED_ATTESTATION = 7;
export const NOT_A_MEMBER = 8;

export interface EventBlobAttestation {
  readonly blobId: bigint;
  readonly rootHash: bigint;
  readonly size: bigint;
  readonly encodingType: number;
  readonly checkpoint: bigint;
  readonly epoch: number;
}

/** A node's word for a blob of events; with that of a quorum the blob counts as certified. */
export function certifyEventBlob(
  call: Call,
  inner: SystemStateInner,
  cap: StorageNodeCap,
  attestation: EventBlobAttestation,
): void {
  const { blobId, checkpoint, epoch } = attestation;
  const state = inner.event_blob_certification_state;
  const weight = weightOfNode(inner.committee, cap.node_id);
  check(call, weight !== undefined, MODULE, NOT_A_MEMBER, 'certify_event_blob');
  check(call, epoch === epochOf(inner), MODULE, INVALID_ID_EPOCH, 'certify_event_blob');
  checkOrder(call, state, cap, checkpoint, epoch);
  cap.last_event_blob_attestation = { checkpoint_sequence_num: checkpoint, epoch };

  const latest = state.latest_certified_blob;
  if (latest !== null && latest.ending_checkpoint_sequence_number >= checkpoint) return;
  const sum = addWeight(state, blobId, checkpoint, weight);
  if (!isQuorum(sum, shardsOf(inner))) return;
  storeEventBlob(call, inner, attestation);
  state.latest_certified_blob = { blob_id: blobId, ending_checkpoint_sequence_number: checkpoint };
  state.aggregate_weight_per_blob.contents = [];
}

/** A node attests blobs in order, and the next one only when the last one was certified. */
function checkOrder(
  call: Call,
  state: EventBlobCertificationState,
  cap: StorageNodeCap,
  checkpoint: bigint,
  epoch: number,
): void {
  const last = cap.last_event_blob_attestation;
  if (last === null || last.epoch < epoch) return;
  const next = checkpoint > last.checkpoint_sequence_num;
  check(call, next, MODULE, REPEATED_ATTESTATION, 'certify_event_blob');
  const certified = state.latest_certified_blob?.ending_checkpoint_sequence_number;
  const done = certified !== undefined && last.checkpoint_sequence_num <= certified;
  check(call, done, MODULE, INCORRECT_ATTESTATION, 'certify_event_blob');
}

function addWeight(
  state: EventBlobCertificationState,
  blobId: bigint,
  checkpoint: bigint,
  weight: number,
): number {
  const { contents } = state.aggregate_weight_per_blob;
  let entry = contents.find(
    ({ key }) => key.blob_id === blobId && key.ending_checkpoint_sequence_number === checkpoint,
  );
  if (entry === undefined) {
    entry = { key: { blob_id: blobId, ending_checkpoint_sequence_number: checkpoint }, value: 0 };
    contents.push(entry);
  }
  entry.value += weight;
  return entry.value;
}

/** Nobody pays for it and nobody owns it: the events tell the nodes to keep it. */
function storeEventBlob(call: Call, inner: SystemStateInner, blob: EventBlobAttestation): void {
  const { blobId, rootHash, size, encodingType } = blob;
  const encoded = encodedBlobLength(call, size, encodingType, shardsOf(inner));
  const ahead = inner.future_accounting.length;
  const storage = reserveWithoutPayment(call, inner, encoded, 0, ahead, false);
  const registration = { storage, blobId, rootHash, size, encodingType, deletable: false };
  const created = newBlob(call, registration, epochOf(inner), shardsOf(inner));
  certify(call, created, epochOf(inner), { blobId, objectId: undefined });
  burn(call, created);
}
