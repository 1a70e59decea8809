import { faultyShards, quorumWeight } from '../protocol/committee.ts';

/** Whether what was seen of the nodes is enough, and for what. */
export type NetworkVerdict = 'good' | 'some-silent' | 'no-writes' | 'no-reads';

export interface NetworkShares {
  readonly verdict: NetworkVerdict;
  /** shards of nodes that answer */
  readonly answering: number;
  readonly total: number;
  /** that must answer for a new upload */
  readonly toStore: number;
  /** that must answer for any blob to be read, however its pieces lie */
  readonly toRead: number;
}

/** Below it something is wrong, although it may be enough. */
const GOOD_PART = 0.9;

/** @param nodes of the committee, with their shards, and whether they answered */
export function networkShares(
  nodes: readonly { readonly weight: number; readonly answers: boolean }[],
): NetworkShares {
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
  const answering = nodes.reduce((sum, { weight, answers }) => sum + (answers ? weight : 0), 0);
  const toStore = quorumWeight(total);
  const toRead = total - 2 * faultyShards(total);
  return {
    verdict: verdictOf(answering, total, toStore, toRead),
    answering,
    total,
    toStore,
    toRead,
  };
}

function verdictOf(
  answering: number,
  total: number,
  toStore: number,
  toRead: number,
): NetworkVerdict {
  if (answering < toRead) return 'no-reads';
  if (answering < toStore) return 'no-writes';
  return answering >= GOOD_PART * total ? 'good' : 'some-silent';
}
