import type { NodeClient } from '../../network/node-client.ts';
import { quorumWeight, type StorageCommittee, validityWeight } from '../../protocol/committee.ts';
import type { StoredElsewhere } from './ports.ts';

interface Answer {
  readonly weight: number;
  /** 0 if the node knows of no permanent, certified blob */
  readonly endEpoch: number;
}

/**
 * Asks all nodes whether anybody stores a blob that nobody can delete. What nodes with more than f
 * shards say is true of at least one honest node. Slow nodes are not waited for.
 *
 * @param clientOf a member's client for this blob
 * @returns undefined unless enough nodes say that it is certified
 */
export async function storedElsewhere(
  committee: StorageCommittee,
  clientOf: (networkAddress: string) => NodeClient,
  signal: AbortSignal,
): Promise<StoredElsewhere | undefined> {
  const { members, shardCount } = committee;
  const enough = new AbortController();
  const both = AbortSignal.any([signal, enough.signal]);
  const answers: Answer[] = [];
  const asked = members.map(async ({ networkAddress, weight }) => {
    const status = await clientOf(networkAddress).blobStatus(both);
    const isStored = status.kind === 'permanent' && status.isCertified;
    answers.push({ weight, endEpoch: isStored ? status.endEpoch : 0 });
    const heard = answers.reduce((sum, answer) => sum + answer.weight, 0);
    if (heard >= quorumWeight(shardCount)) enough.abort();
  });
  await Promise.allSettled(asked);
  if (signal.aborted) throw signal.reason;
  return lastingLongest(answers, validityWeight(shardCount));
}

/** The end that answers of `need` shards agree on at least. */
function lastingLongest(answers: readonly Answer[], need: number): StoredElsewhere | undefined {
  const order = [...answers].sort((a, b) => b.endEpoch - a.endEpoch);
  let weight = 0;
  for (const answer of order) {
    weight += answer.weight;
    if (answer.endEpoch > 0 && weight >= need) return { permanentEndEpoch: answer.endEpoch };
  }
  return undefined;
}
