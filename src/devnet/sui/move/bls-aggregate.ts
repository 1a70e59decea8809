import { committeeOf } from '../../../chain/committee.ts';
import type { BlsCommittee } from '../../../chain/layouts/system.ts';
import { verifyAggregate } from '../../../protocol/certificate.ts';
import { bitmapToSigners } from '../../../protocol/committee.ts';
import { type Call, check } from './call.ts';
import { type CertifiedMessage, openMessage } from './messages.ts';
import type { Address } from './native.ts';

const MODULE = 'bls_aggregate';
const INVALID_BITMAP = 0;
const SIGNATURE = 1;
const NOT_ENOUGH_STAKE = 2;

export interface SignedBytes {
  readonly signature: Uint8Array;
  readonly bitmap: Uint8Array;
  readonly message: Uint8Array;
}

export const isQuorum = (weight: number, shardCount: number) => 3 * weight >= 2 * shardCount + 1;
const hasHonestNode = (weight: number, shardCount: number) => 3 * weight >= shardCount + 1;

export function weightOfNode(committee: BlsCommittee, nodeId: Address): number | undefined {
  return committee.members.find((member) => member.node_id === nodeId)?.weight;
}

/** A message with the signatures of a quorum, in the epoch of the committee. */
export function verifyQuorum(
  call: Call,
  committee: BlsCommittee,
  signed: SignedBytes,
): CertifiedMessage {
  return verify(call, committee, signed, isQuorum);
}

/** A message with the signature of at least one honest node. */
export function verifyOneCorrectNode(
  call: Call,
  committee: BlsCommittee,
  signed: SignedBytes,
): CertifiedMessage {
  return verify(call, committee, signed, hasHonestNode);
}

function verify(
  call: Call,
  committee: BlsCommittee,
  { signature, bitmap, message }: SignedBytes,
  isEnough: (weight: number, shardCount: number) => boolean,
): CertifiedMessage {
  const name = 'verify_certificate_and_weight';
  const { members, n_shards } = committee;
  const signers = bitmapToSigners(bitmap, members.length);
  if (signers === undefined) return call.context.abort(MODULE, INVALID_BITMAP, name);
  const weight = signers.reduce((sum, index) => sum + (members[index]?.weight ?? 0), 0);
  check(call, isEnough(weight, n_shards), MODULE, NOT_ENOUGH_STAKE, name);
  const { trusting } = call.context;
  const valid =
    trusting || verifyAggregate(committeeOf(committee), { signers, message, signature });
  check(call, valid, MODULE, SIGNATURE, name);
  return openMessage(call, message, committee.epoch);
}
