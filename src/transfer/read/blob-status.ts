import type { BlobStatus } from '../../network/blob-status.ts';
import { quorumWeight, validityWeight } from '../../protocol/committee.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { gather } from './gather.ts';
import { NodeRequests } from './node-requests.ts';
import { type ReadDoors, ReadTally } from './read-types.ts';

const NOTHING: BlobStatus = { kind: 'nonexistent' };
/** Of an answer, about. */
const STATUS_BYTES = 400;

interface Answer {
  readonly weight: number;
  readonly status: BlobStatus;
}

/** What the nodes say of a blob, as far as at least one honest one must say so. */
export interface AgreedStatus {
  readonly status: BlobStatus;
  /** shards of the nodes that answered */
  readonly heardWeight: number;
  /** how many they are */
  readonly heardNodes: number;
}

/**
 * Asks the nodes of the current epoch what they know of a blob. Of the answers that have come when a quorum has
 * answered, it gives the most that nodes of more than f shards say or surpass: so one of them is honest. Slow nodes are
 * not waited for.
 *
 * @throws HauloutError 'quorum-unreached' if too few answer, 'chain-unavailable', 'aborted'
 */
export async function agreedStatus(
  doors: ReadDoors,
  blobId: string,
  signal: AbortSignal,
): Promise<AgreedStatus> {
  const { current } = await doors.committees();
  const { shardCount, members } = current;
  const tally = new ReadTally();
  const requests = new NodeRequests(doors, blobId, tally);
  const answers: Answer[] = [];
  const need = quorumWeight(shardCount);
  const heardWeight = await gather(
    {
      need,
      candidates: members,
      promises: () => 0, // all at once: an answer is short
      async ask(node, inner) {
        const outcome = await requests.ask(
          node,
          {
            bytes: STATUS_BYTES,
            ask: (client, both) => client.blobStatus(both),
            check: async (status) => status,
          },
          inner,
        );
        const isAbsent = 'refusal' in outcome && outcome.refusal === 'absent';
        if ('refusal' in outcome && !isAbsent) return 0;
        answers.push({
          weight: node.weight,
          status: 'value' in outcome ? outcome.value : NOTHING,
        });
        return node.weight;
      },
    },
    signal,
  );
  if (heardWeight < need) {
    throw new HauloutError('quorum-unreached', { have: heardWeight, need, failed: tally.failed });
  }
  const status = mostAgreed(answers, validityWeight(shardCount));
  return { status, heardWeight, heardNodes: answers.length };
}

/** The greatest status that answers of `need` shards reach. */
export function mostAgreed(answers: readonly Answer[], need: number): BlobStatus {
  const falling = [...answers].sort((a, b) => compareStatus(b.status, a.status));
  let weight = 0;
  for (const answer of falling) {
    weight += answer.weight;
    if (weight >= need) return answer.status;
  }
  return NOTHING;
}

const KINDS = ['nonexistent', 'deletable', 'permanent', 'invalid'] as const;

/** Positive if `a` says more than `b`. */
export function compareStatus(a: BlobStatus, b: BlobStatus): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  const at = left.findIndex((value, i) => value !== right[i]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function rankOf(status: BlobStatus): readonly number[] {
  const kind = KINDS.indexOf(status.kind);
  if (status.kind === 'nonexistent' || status.kind === 'invalid') return [kind];
  const { deletable, initialCertifiedEpoch = Number.POSITIVE_INFINITY } = status;
  const counts = [deletable.certified, deletable.total, -initialCertifiedEpoch];
  if (status.kind === 'deletable') return [kind, ...counts];
  return [kind, Number(status.isCertified), status.endEpoch, ...counts];
}
