import type { ChainClient } from '../../chain/chain-client.ts';
import type { StorageCommittee } from '../../protocol/committee.ts';
import type { CommitteeSource } from '../../transfer/put-types.ts';

/** The committee of the current epoch with addresses and shards; one read for all who ask at once. */
export function committeeSource(chain: ChainClient): CommitteeSource {
  let latest: Promise<StorageCommittee> | undefined;
  let known: StorageCommittee | undefined;
  const read = async () => {
    const fresh = known !== undefined;
    const [{ committee }, nodes] = await Promise.all([
      chain.system({ fresh }),
      chain.nodes({ fresh }),
    ]);
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const members = committee.members.map((member) => {
      const { networkAddress = '', shards = [] } = byId.get(member.nodeId) ?? {};
      return { ...member, networkAddress, shards };
    });
    known = { ...committee, members };
    return known;
  };
  return (stale) => {
    // Whoever asks with an older committee than the latest one gets that.
    if (latest === undefined || (stale !== undefined && stale === known)) {
      const reading = read();
      latest = reading;
      reading.catch(() => {
        if (latest === reading) latest = undefined;
      });
    }
    return latest;
  };
}
