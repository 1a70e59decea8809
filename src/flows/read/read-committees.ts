import type { ChainClient } from '../../chain/chain-client.ts';
import type { CommitteeSource } from '../../transfer/put-types.ts';
import type { Holder, ReadCommittee, ReadCommitteeSource } from '../../transfer/read/read-types.ts';

/** The chain is not read again sooner: while nodes move shards, many of them may say so at once. */
const REST_MS = 2_000;

/** The committee that blobs are read from, with those who still have what the others take over. */
export function readCommittees(
  chain: Pick<ChainClient, 'clock' | 'leavingNodes'>,
  current: CommitteeSource,
): ReadCommitteeSource {
  let known: ReadCommittee | undefined;
  let reading: Promise<ReadCommittee> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  const read = async (stale: ReadCommittee | undefined): Promise<ReadCommittee> => {
    readAt = chain.clock.monotonic();
    const committee = await current(stale?.current);
    // Who cannot be found out about is done without: what they have, others have too.
    const leaving = await chain.leavingNodes().catch(() => known?.leaving ?? []);
    const now = { current: committee, leaving };
    if (known === undefined || factsOf(known) !== factsOf(now)) known = now;
    return known;
  };
  return async (stale) => {
    const isStale = stale === known && chain.clock.monotonic() - readAt >= REST_MS;
    if (known !== undefined && !isStale) {
      const kept = known;
      // A page may stay open over the end of an epoch. Without a chain the last committee is still worth asking.
      const { epoch } = await current().catch(() => kept.current);
      if (epoch <= kept.current.epoch) return kept;
    }
    reading ??= read(stale).finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

/** What decides whom a reader asks, as text. */
function factsOf({ current: { epoch, members }, leaving }: ReadCommittee): string {
  const facts = ({ nodeId, networkAddress, shards }: Holder) => [nodeId, networkAddress, shards];
  return JSON.stringify([epoch, members.map(facts), leaving.map(facts)]);
}
