import { formatBlobId } from '../../protocol/blob-id.ts';
import { quorumWeight } from '../../protocol/committee.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { geometryFor } from '../../protocol/geometry.ts';
import { metadataBytes, splitMetadataWithId } from '../../protocol/metadata.ts';
import { drawn } from './drawn.ts';
import { gather } from './gather.ts';
import { allHolders } from './holders.ts';
import { isOurs } from './is-ours.ts';
import { NodeRequests, type Refusal } from './node-requests.ts';
import { PAUSES_MS } from './pauses.ts';
import type { Holder, OpenBlob, ReadCommittee, ReadDoors, ReadTally } from './read-types.ts';

/** Nodes that are asked for metadata at the same time; twice as many after each that has none. */
const FIRST_WIDTH = 2;
const MOST_WIDTH = 16;
const ID_BYTES = 32;

/**
 * Finds the metadata of a blob and verifies it against the ID: kept from an earlier read, else from the first node that
 * gives it.
 *
 * @throws HauloutError 'blob-unknown' or 'blob-blocked' if nodes of a quorum say so, 'metadata-unavailable',
 *   'chain-unavailable', 'aborted'
 */
export async function openBlob(
  doors: ReadDoors,
  blobId: string,
  tally: ReadTally,
  signal: AbortSignal,
): Promise<OpenBlob> {
  const kept = await fromCache(doors, blobId, signal);
  if (kept !== undefined) return kept;
  const requests = new NodeRequests(doors, blobId, tally);
  let committee = await doors.committees();
  let verdict: HauloutError | undefined;
  for (const pauseMs of PAUSES_MS) {
    if (pauseMs > 0) {
      await doors.clock.sleep(pauseMs, signal);
      committee = await doors.committees(committee).catch(() => committee);
    }
    const { found, refusals } = await race(doors, requests, committee, blobId, signal);
    if (found !== undefined) {
      const { shardCount, metadata } = found;
      void doors.cache?.keepMetadata(blobId, { shardCount, metadata });
      return found;
    }
    verdict = verdictOf(blobId, committee, refusals);
    if (verdict === undefined) continue;
    // Those who left since may have lost it: whoever is there now has the last word.
    const now = await doors.committees(committee);
    if (now === committee) break;
    committee = now;
  }
  throw verdict ?? new HauloutError('metadata-unavailable', { blobId, failed: tally.failed });
}

async function fromCache(
  doors: ReadDoors,
  blobId: string,
  signal: AbortSignal,
): Promise<OpenBlob | undefined> {
  const kept = await doors.cache?.metadata(blobId);
  if (kept === undefined) return undefined;
  try {
    return await opened(doors, { blobId, ...kept }, signal);
  } catch (error) {
    if (signal.aborted || (isHauloutError(error) && isOurs(error))) throw error;
    void doors.cache?.remove(blobId); // whatever is wrong with it, it is of no use
    return undefined;
  }
}

async function race(
  doors: ReadDoors,
  requests: NodeRequests,
  committee: ReadCommittee,
  blobId: string,
  signal: AbortSignal,
) {
  const { shardCount } = committee.current;
  const refusals = new Map<Holder, Refusal>();
  let width = FIRST_WIDTH;
  let found: OpenBlob | undefined;
  const nodes = drawn(doors.random, allHolders(committee));
  await gather(
    {
      need: 1,
      candidates: doors.health.ranked(nodes, ({ nodeId }) => nodeId),
      promises: () => 1 / width,
      async ask(node, inner, late) {
        const maxBytes = ID_BYTES + metadataBytes(shardCount);
        const outcome = await requests.ask(
          node,
          {
            ...{ bytes: maxBytes, order: -1, late },
            ask: (client, both) => client.metadata(maxBytes, both),
            check: (bytes) => verified(doors, { blobId, shardCount }, bytes, inner),
          },
          inner,
        );
        if ('value' in outcome) found ??= outcome.value;
        else {
          refusals.set(node, outcome.refusal);
          width = Math.min(MOST_WIDTH, 2 * width);
        }
        return 'value' in outcome ? 1 : 0;
      },
    },
    signal,
  );
  return { found, refusals };
}

function verified(
  doors: ReadDoors,
  asked: { readonly blobId: string; readonly shardCount: number },
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<OpenBlob> {
  const { blobId, metadata } = splitMetadataWithId(bytes);
  const actual = formatBlobId(blobId);
  if (actual !== asked.blobId) {
    const detail = { field: 'blob-id', expected: asked.blobId, actual } as const;
    throw new HauloutError('metadata-mismatch', detail);
  }
  return opened(doors, { ...asked, metadata }, signal);
}

async function opened(
  { verifier }: ReadDoors,
  claim: { readonly blobId: string; readonly shardCount: number; readonly metadata: Uint8Array },
  signal: AbortSignal,
): Promise<OpenBlob> {
  const metadata = claim.metadata.slice(); // nobody else can change it
  const commitments = await verifier.openMetadata({ ...claim, metadata, signal });
  const geometry = geometryFor(claim.shardCount, commitments.unencodedBytes);
  return { ...claim, metadata, commitments, geometry };
}

/** The error if nodes of a quorum do not have a blob, or do not give it. */
function verdictOf(
  blobId: string,
  { current }: ReadCommittee,
  refusals: Map<Holder, Refusal>,
): HauloutError | undefined {
  const weightWith = (refusal: Refusal) =>
    current.members
      .filter((member) => refusals.get(member) === refusal)
      .reduce((sum, { weight }) => sum + weight, 0);
  const [absent, blocked] = [weightWith('absent'), weightWith('blocked')];
  if (absent + blocked < quorumWeight(current.shardCount)) return undefined;
  return new HauloutError(blocked > absent ? 'blob-blocked' : 'blob-unknown', { blobId });
}
