import type { Committee } from '../protocol/committee.ts';
import type { BlsCommittee } from './layouts/system.ts';

/** The committee in the System object, as the protocol knows it. */
export function committeeOf({ epoch, n_shards, members }: BlsCommittee): Committee {
  return {
    epoch,
    shardCount: n_shards,
    members: members.map((member) => ({
      nodeId: member.node_id,
      publicKey: member.public_key.bytes,
      weight: member.weight,
    })),
  };
}
