import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ChainCommittee, ChainState } from '../chain-port.ts';

/** The committees in force: who is in them, where, with which key (48 bytes in hex) and which shards. */
export function committeeJson({ epoch, epochState, shardCount, current, previous }: ChainState) {
  return {
    epoch,
    nShards: shardCount,
    epochState: epochState.kind === 'sync' ? 'sync' : 'done',
    members: membersOf(current),
    previous:
      previous === undefined || previous.members.length === 0
        ? null
        : { epoch: previous.epoch, members: membersOf(previous) },
  };
}

function membersOf({ members }: ChainCommittee) {
  return members.map(({ nodeId, name, networkAddress, publicKey, shards }) => {
    const key = bls12_381.G1.Point.fromBytes(publicKey).toBytes(true);
    return { nodeId, name, networkAddress, publicKey: bytesToHex(key), shards };
  });
}
