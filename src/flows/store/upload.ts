import type { Committee } from '../../protocol/committee.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { IntentPlan } from '../../store/journal-facts.ts';
import { choosePath } from '../../transfer/choose-path.ts';
import type {
  CommitteeSource,
  NodeState,
  PutBlob,
  SliverSource,
} from '../../transfer/put-types.ts';
import type { RelayPut } from '../../transfer/relay-types.ts';
import type { BlobUpload, UploadOutcome, UploadPath } from '../../transfer/upload-types.ts';
import type { EarlyUploads } from './early-uploads.ts';
import { HoldingsLog } from './holdings-log.ts';
import type { IntentRun } from './intent-run.ts';
import { keepCommittee } from './receipts.ts';
import { asBlob } from './source.ts';
import type { FileProgress, StoreSource } from './types.ts';

export interface UploadContext {
  readonly shardCount: number;
  readonly committee: CommitteeSource;
  /** the bytes by blob ID, as far as they are at hand */
  readonly sources: ReadonlyMap<string, StoreSource>;
  readonly signal: AbortSignal;
  /** what was begun while the approval was open */
  readonly early?: Pick<EarlyUploads, 'take'> | undefined;
  onProgress(blob: number, progress: Partial<FileProgress>): void;
  /** told which nodes get a blob, again with each epoch */
  onSending(blob: number, committee: Committee): void;
  onNode(blob: number, nodeId: string, state: NodeState): void;
  /** a blob needs no more sending, or it did not work */
  onSent(blob: number): void;
  /** told of the work that goes on after the certificate: slow nodes are brought up to date */
  onTail(tail: Promise<unknown>): void;
}

/** An upload on its way. */
export interface Sending {
  readonly outcome: Promise<UploadOutcome>;
  /** waits until what nodes took is written down, as far as that can be; never rejects */
  flushed(): Promise<void>;
}

/**
 * Brings one registered blob to the nodes and writes its certificate down.
 *
 * @throws HauloutError 'source-missing', 'source-differs', 'quorum-unreached', those of transfer
 */
export async function upload(run: IntentRun, blob: number, context: UploadContext): Promise<void> {
  const begun = await context.early?.take(blob, context.signal);
  const { outcome, flushed } = begun ?? (await send(run, blob, context));
  const {
    certificate: signed,
    committee,
    path,
    tail,
  } = await outcome.finally(flushed).finally(() => context.onSent(blob));
  const { signers, message, signature } = signed;
  const certificate = { epoch: committee.epoch, signers, message, signature };
  const kept = keepCommittee(run.ports, committee);
  await run.append([{ kind: 'uploaded', blob, path, certificate }], kept);
  context.onTail(tail.then(flushed));
}

/**
 * Begins to send a blob.
 *
 * @param paid settles with the payment, while that is open: until then only nodes that buffer are
 *   sent anything, and no relay
 * @throws HauloutError 'source-missing', 'chain-unavailable'
 */
export async function send(
  run: IntentRun,
  blob: number,
  context: UploadContext,
  paid?: Promise<void>,
): Promise<Sending> {
  const { ports, journal, intentId } = run;
  const signal = run.nextUpload(blob, context.signal);
  const known = await journal.holdings(intentId, blob);
  const log = new HoldingsLog(journal, intentId, blob, context.shardCount, known);
  const { direct, ...upload } = await blobUpload(run, blob, { ...context, signal }, paid);
  const logged = direct && { direct: { ...direct, known, onFact: log.add.bind(log) } };
  const outcome = ports.upload({ ...upload, ...logged }, signal);
  outcome.catch(() => undefined); // whoever takes it hears of it
  return { outcome, flushed: () => log.flushed().catch(() => undefined) };
}

async function blobUpload(
  run: IntentRun,
  blob: number,
  context: UploadContext,
  paid: Promise<void> | undefined,
): Promise<BlobUpload> {
  const { ports, state } = run;
  const { plan } = state;
  const { blobId, unencodedBytes } = plannedBlob(plan, blob);
  const kept = await run.journal.source(plan.jobId, blobId);
  if (kept === undefined) throw new HauloutError('source-missing', { bytes: unencodedBytes });
  const source =
    context.sources.get(blobId) ?? (kept.source && (await ports.sources.open(blobId, kept.source)));
  const registration = paid ? registrationAfter(paid, run, blob) : registrationOf(run, blob);
  const direct = directPut(run, blob, { metadata: kept.metadata, source, registration }, context);
  const mayRelay = paid === undefined && plan.path !== 'direct' && plan.relay !== undefined;
  const relay = mayRelay ? relayPut(run, blob, plan.relay, source, context) : undefined;
  return {
    first: relay ? await firstPath(run, blob, context) : 'direct',
    direct,
    ...(relay ? { relay } : {}),
    onPath: (taken) => context.onProgress(blob, { path: taken }),
  };
}

/** The person's choice, else the path that is faster by a common uplink. */
export async function firstPath(
  { state: { plan } }: IntentRun,
  blob: number,
  { shardCount, committee }: UploadContext,
): Promise<UploadPath> {
  if (plan.path !== 'auto') return plan.path;
  if (plan.relay === undefined) return 'direct';
  const { members } = await committee();
  const tipMist = plan.tip?.amountMist ?? 0n;
  const { first } = choosePath({
    ...{ shardCount, nodeCount: members.length, slivers: true },
    unencodedBytes: plannedBlob(plan, blob).unencodedBytes,
    relay: { isHealthy: true, tipMist, approvedTipMist: tipMist },
  });
  return first;
}

function directPut(
  run: IntentRun,
  blob: number,
  {
    metadata,
    source,
    registration,
  }: Pick<PutBlob, 'metadata' | 'registration'> & { readonly source: StoreSource | undefined },
  { shardCount, signal, committee, onProgress, onSending, onNode }: UploadContext,
): PutBlob {
  const { blobId, unencodedBytes } = plannedBlob(run.state.plan, blob);
  const { ports } = run;
  let opened: Promise<SliverSource> | undefined;
  let epoch: number | undefined;
  return {
    blobId,
    metadata,
    unencodedBytes,
    // Opened when a node lacks a sliver: to collect confirmations alone the bytes are not needed.
    slivers: async (pair, axis) => {
      opened ??= ports.pieces.open({ blobId, shardCount, unencodedBytes, source }, signal);
      return (await opened)(pair, axis);
    },
    committee: async (stale) => {
      const current = await committee(stale);
      if (current.epoch !== epoch) onSending(blob, current);
      ({ epoch } = current);
      return current;
    },
    registration,
    onNode: (nodeId, state) => onNode(blob, nodeId, state),
    onProgress: ({ storedBytes, totalBytes, confirmedWeight, quorumWeight }) =>
      onProgress(blob, {
        ...{ storedBytes, confirmedWeight, quorumWeight },
        neededBytes: Math.ceil((totalBytes * quorumWeight) / shardCount),
      }),
  };
}

function relayPut(
  run: IntentRun,
  blob: number,
  relay: string,
  source: StoreSource | undefined,
  { committee, onProgress }: UploadContext,
): RelayPut | undefined {
  const { plan, registered } = run.state;
  const { blobId, unencodedBytes } = plannedBlob(plan, blob);
  if (source === undefined) return undefined;
  const { tip } = plan;
  const txId = registered?.digest;
  const payment = tip && txId ? { txId, nonce: tip.nonce, tipMist: tip.amountMist } : undefined;
  if (tip && payment === undefined) return undefined;
  return {
    relay,
    blobId,
    source: asBlob(source),
    ...registrationOf(run, blob),
    ...(payment ? { payment } : {}),
    committee,
    onSent: (storedBytes) => onProgress(blob, { storedBytes, neededBytes: unencodedBytes }),
  };
}

function registrationAfter(paid: Promise<void>, run: IntentRun, blob: number) {
  const registration = paid.then(() => registrationOf(run, blob));
  registration.catch(() => undefined); // it may fail before anybody waits for it
  return registration;
}

function registrationOf({ state }: IntentRun, blob: number): { readonly objectId?: string } {
  const objectId = state.objects.get(blob)?.objectId;
  return state.plan.deletable && objectId !== undefined ? { objectId } : {};
}

function plannedBlob(plan: IntentPlan, blob: number) {
  const planned = plan.blobs[blob];
  if (planned === undefined) {
    throw new HauloutError('argument-invalid', { name: 'blob', reason: `no blob ${blob}` });
  }
  return planned;
}
