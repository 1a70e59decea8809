import type { StorageNodeCap } from '../../../chain/layouts/staking.ts';
import type { SystemStateInner } from '../../../chain/layouts/system.ts';
import {
  type SignedBytes,
  verifyOneCorrectNode,
  verifyQuorum,
  weightOfNode,
} from './bls-aggregate.ts';
import { type Call, check } from './call.ts';
import { NOT_A_MEMBER } from './event-blob.ts';
import { emit } from './events.ts';
import { deletedDenyListed, denyListUpdate, protocolVersion } from './messages.ts';
import { denyListSizes } from './system-epoch.ts';
import { epochOf, MODULE } from './system-state-inner.ts';
import { put } from './vec-map.ts';

const INCORRECT_SEQUENCE = 9;
const INCORRECT_NODE = 10;
const INVALID_START_EPOCH = 12;

export function updateProtocolVersion(
  call: Call,
  inner: SystemStateInner,
  cap: StorageNodeCap,
  signed: SignedBytes,
): void {
  checkMember(call, inner, cap, 'update_protocol_version');
  const message = verifyQuorum(call, inner.committee, signed);
  const { startEpoch, version } = protocolVersion(call, message);
  const epoch = epochOf(inner);
  check(call, startEpoch >= epoch, MODULE, INVALID_START_EPOCH, 'update_protocol_version');
  emit(call, 'ProtocolVersionUpdated', {
    epoch,
    start_epoch: startEpoch,
    protocol_version: version,
  });
}

export function registerDenyListUpdate(
  call: Call,
  inner: SystemStateInner,
  cap: StorageNodeCap,
  root: bigint,
  sequence: bigint,
): void {
  const name = 'register_deny_list_update';
  checkMember(call, inner, cap, name);
  check(call, sequence > cap.deny_list_sequence, MODULE, INCORRECT_SEQUENCE, name);
  const fields = { epoch: epochOf(inner), root, sequence_number: sequence, node_id: cap.node_id };
  emit(call, 'RegisterDenyListUpdate', fields);
}

/** Stores how many bytes a node denies: it does not earn for them. */
export function updateDenyList(
  call: Call,
  inner: SystemStateInner,
  cap: StorageNodeCap,
  signed: SignedBytes,
): void {
  const name = 'update_deny_list';
  checkMember(call, inner, cap, name);
  const message = verifyQuorum(call, inner.committee, signed);
  const { nodeId, sequence, size, root } = denyListUpdate(call, message);
  check(call, nodeId === cap.node_id, MODULE, INCORRECT_NODE, name);
  check(call, cap.deny_list_sequence < sequence, MODULE, INCORRECT_SEQUENCE, name);
  cap.deny_list_root = root;
  cap.deny_list_sequence = sequence;
  cap.deny_list_size = size;
  put(denyListSizes(call, inner), nodeId, size);
  const fields = { epoch: epochOf(inner), root, sequence_number: sequence, node_id: nodeId };
  emit(call, 'DenyListUpdate', fields);
}

export function deleteDenyListedBlob(
  call: Call,
  inner: SystemStateInner,
  signed: SignedBytes,
): void {
  const message = verifyOneCorrectNode(call, inner.committee, signed);
  const blobId = deletedDenyListed(call, message);
  emit(call, 'DenyListBlobDeleted', { epoch: epochOf(inner), blob_id: blobId });
}

function checkMember(
  call: Call,
  inner: SystemStateInner,
  cap: StorageNodeCap,
  functionName: string,
): void {
  const member = weightOfNode(inner.committee, cap.node_id) !== undefined;
  check(call, member, MODULE, NOT_A_MEMBER, functionName);
}
