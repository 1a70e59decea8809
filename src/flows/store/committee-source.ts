import type { ChainClient } from '../../chain/chain-client.ts';
import type { StorageCommittee } from '../../protocol/committee.ts';
import type { CommitteeSource } from '../../transfer/put-types.ts';

/**
 * The committee of the current epoch with addresses and shards, never of an older one than
 * `chain.system()` tells; one read for all who ask at once.
 */
export function committeeSource(chain: ChainClient): CommitteeSource {
  let known: StorageCommittee | undefined;
  let reading: Promise<StorageCommittee> | undefined;
  const read = async (fresh: boolean) => {
    const { committee } = await chain.system({ fresh });
    const nodes = await chain.nodes(); // of the same reading
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const members = committee.members.map((member) => {
      const { networkAddress = '', shards = [] } = byId.get(member.nodeId) ?? {};
      return { ...member, networkAddress, shards };
    });
    known = { ...committee, members };
    return known;
  };
  return async (stale) => {
    const { epoch } = await chain.system();
    // Whoever asks with an older committee than the latest one gets that.
    if (known !== undefined && known !== stale && known.epoch >= epoch) return known;
    reading ??= read(stale !== undefined).finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
