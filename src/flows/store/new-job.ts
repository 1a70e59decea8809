import type { BlobSummary } from '../../protocol/blob-summary.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { toHex } from '../../protocol/hex.ts';
import type { Write } from '../../protocol/ports.ts';
import { sourceKey } from '../../store/journal.ts';
import type {
  IntentFact,
  IntentPlan,
  JobFile,
  JobRecord,
  JournalStores,
  KeptSource,
  ShownQuote,
} from '../../store/journal-facts.ts';
import type { StorePorts } from './ports.ts';
import type { PricedIntent } from './quote-cost.ts';
import type { Draft } from './quote-flow.ts';
import { bytesIn } from './source.ts';
import type { Quote, StoreSource } from './types.ts';

const ID_BYTES = 16;
/** Small sources are kept with the journal, so that a later process can finish alone. */
const KEPT_BYTES = 256 << 10;

/** A job, and what is written down of it before anything is paid: plans, metadata, small sources. */
export interface NewJob {
  readonly record: JobRecord;
  readonly facts: readonly (readonly [intentId: string, facts: readonly IntentFact[]])[];
  readonly sources: readonly Write<JournalStores>[];
}

/** @throws HauloutError 'wallet-missing' */
export function newJob(
  { random, clock, chain }: StorePorts,
  { quote, intents, files, shardCount }: Draft,
  handles: readonly (FileSystemFileHandle | undefined)[] = [],
): NewJob {
  if (quote.payer === undefined) throw new HauloutError('wallet-missing', {});
  const jobId = toHex(random.bytes(ID_BYTES));
  const intentIds = intents.map(() => toHex(random.bytes(ID_BYTES)));
  const atMs = clock.wall();
  const places = new Map<string, JobFile['place']>();
  intents.forEach(({ intent }, at) => {
    for (const [blob, { blobId }] of intent.blobs.entries()) {
      places.set(blobId, { intentId: intentIds[at] as string, blob });
    }
  });
  const blobs = intents.flatMap(({ intent }) => intent.blobs);
  const sent = new Set(blobs.flatMap(({ blobId, extended }) => (extended ? [] : [blobId])));
  const record: JobRecord = {
    jobId,
    atMs,
    shown: shownOf(quote, quote.payer),
    chainId: chain.network.chainId,
    shardCount,
    intentIds,
    files: files.map(({ quoted }): JobFile => {
      const { name, bytes, blobId, standing, blobObjectId, endEpoch, jobId: other } = quoted;
      const by = standing === 'owned' ? 'owner' : 'other';
      const place = places.get(blobId);
      const stands = { by, ...(blobObjectId ? { blobObjectId } : {}), endEpoch } as const;
      const named = { ...(name === undefined ? {} : { name }), bytes, blobId };
      if (place) return { ...named, place };
      return { ...named, standing: stands, ...(other ? { unfinishedIn: other } : {}) };
    }),
  };
  const facts = intents.map((priced, index) => {
    const plan = planOf(priced, { jobId, index, count: intents.length });
    return [intentIds[index] as string, firstFacts(plan, atMs)] as const;
  });
  const sources = files
    .map(({ summary, source }, at) => sourceWrite(jobId, summary, source, handles[at]))
    .filter((_, at) => sent.has(files[at]?.summary.blobId ?? ''));
  return { record, facts, sources };
}

function shownOf({ cost, endsMs, deletable, approvals, owner }: Quote, payer: string): ShownQuote {
  const { walFrost, walMaximumFrost, tipMist, gasMist, gasRefundableMist } = cost;
  const { stipendMist, exchangeMist } = cost;
  return {
    ...{
      walFrost,
      walMaximumFrost,
      tipMist,
      gasMist,
      gasRefundableMist,
      stipendMist,
      exchangeMist,
    },
    ...{ endsMs, deletable, approvals, payer, owner: owner ?? payer },
  };
}

function planOf(
  { intent, cost }: PricedIntent,
  place: Pick<IntentPlan, 'jobId' | 'index' | 'count'>,
): IntentPlan {
  const { walMaximumFrost: maxFrost, gasMaximumMist, exchangeMist } = cost;
  const shown = { maxFrost, maxGasMist: gasMaximumMist, maxExchangeMist: exchangeMist };
  return { ...intent, ...place, ...shown };
}

/** Blobs that were registered before need no payment: they start where a payment ends. */
function firstFacts(plan: IntentPlan, atMs: number): IntentFact[] {
  const planned: IntentFact = { kind: 'planned', atMs, plan };
  const blobs = plan.blobs.flatMap(({ registered: objectId }, blob) => {
    return objectId === undefined
      ? []
      : [{ blob, objectId, registeredEpoch: 0, endEpoch: plan.endEpoch }];
  });
  if (blobs.length === 0) return [planned];
  const spent = { frost: 0n, mist: 0n };
  return [planned, { kind: 'registered', digest: '', atMs, blobs, spent }];
}

/** What is kept of a blob until it is stored. */
export function sourceWrite(
  jobId: string,
  { blobId, metadata }: BlobSummary,
  source: StoreSource,
  handle?: FileSystemFileHandle,
): Write<JournalStores> {
  const kept = keptSource(source, handle);
  const value = { metadata, ...(kept ? { source: kept } : {}) };
  return { store: 'sources', key: sourceKey(jobId, blobId), value };
}

function keptSource(
  source: StoreSource,
  handle: FileSystemFileHandle | undefined,
): KeptSource | undefined {
  if (handle !== undefined) return { kind: 'handle', handle };
  if (bytesIn(source) > KEPT_BYTES) return undefined;
  return source instanceof Uint8Array ? { kind: 'bytes', bytes: source } : undefined;
}
