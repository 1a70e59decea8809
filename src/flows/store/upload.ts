import { HauloutError } from '../../protocol/errors.ts';
import type { IntentPlan, KeptSource } from '../../store/journal-facts.ts';
import { choosePath } from '../../transfer/choose-path.ts';
import type { CommitteeSource, PutBlob, SliverSource } from '../../transfer/put-types.ts';
import type { RelayPut } from '../../transfer/relay-types.ts';
import type { BlobUpload, UploadPath } from '../../transfer/upload-types.ts';
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
  onProgress(blob: number, progress: Partial<FileProgress>): void;
  /** told of the work that goes on after the certificate: slow nodes are brought up to date */
  onTail(tail: Promise<unknown>): void;
}

/**
 * Brings one registered blob to the nodes and writes its certificate down.
 *
 * @throws HauloutError 'source-missing', 'source-differs', 'quorum-unreached', those of transfer
 */
export async function upload(run: IntentRun, blob: number, context: UploadContext): Promise<void> {
  const { ports, journal, intentId } = run;
  const known = await journal.holdings(intentId, blob);
  const log = new HoldingsLog(journal, intentId, blob, context.shardCount, known);
  const job = await blobUpload(run, blob, context);
  const direct = job.direct && { ...job.direct, known, onFact: log.add.bind(log) };
  const flushed = () => log.flushed().catch(() => undefined);
  const sending = ports.upload({ ...job, ...(direct ? { direct } : {}) }, context.signal);
  const outcome = await sending.finally(flushed);
  const { epoch } = outcome.committee;
  const { signers, message, signature } = outcome.certificate;
  const certificate = { epoch, signers, message, signature };
  const committee = keepCommittee(ports, outcome.committee);
  await run.append([{ kind: 'uploaded', blob, path: outcome.path, certificate }], committee);
  context.onTail(outcome.tail.then(flushed));
}

async function blobUpload(
  run: IntentRun,
  blob: number,
  context: UploadContext,
): Promise<BlobUpload> {
  const { path, relay } = run.state.plan;
  const { blobId, unencodedBytes } = plannedBlob(run.state.plan, blob);
  const kept = await run.journal.source(run.state.plan.jobId, blobId);
  if (kept === undefined) throw new HauloutError('source-missing', { bytes: unencodedBytes });
  const source = context.sources.get(blobId) ?? keptBytes(kept.source);
  const { metadata } = kept;
  const relayed =
    relay && path !== 'direct' ? relayPut(run, blob, relay, source, context) : undefined;
  return {
    first: relayed ? await firstPath(run, blob, context) : 'direct',
    direct: directPut(run, blob, { metadata, source }, context),
    ...(relayed ? { relay: relayed } : {}),
    onPath: (taken) => context.onProgress(blob, { path: taken }),
  };
}

/** The person's choice, else the path that is faster by a common uplink. */
async function firstPath(
  { state: { plan } }: IntentRun,
  blob: number,
  { shardCount, committee }: UploadContext,
): Promise<UploadPath> {
  if (plan.path !== 'auto') return plan.path;
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
  { metadata, source }: { metadata: Uint8Array; source: StoreSource | undefined },
  { shardCount, signal, committee, onProgress }: UploadContext,
): PutBlob {
  const { blobId, unencodedBytes } = plannedBlob(run.state.plan, blob);
  const { ports } = run;
  let opened: Promise<SliverSource> | undefined;
  return {
    blobId,
    metadata,
    unencodedBytes,
    // Opened when a node lacks a sliver: to collect confirmations alone the bytes are not needed.
    slivers: async (pair, axis) => {
      opened ??= ports.pieces.open({ blobId, shardCount, unencodedBytes, source }, signal);
      return (await opened)(pair, axis);
    },
    committee,
    registration: registrationOf(run, blob),
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

function keptBytes(source: KeptSource | undefined): StoreSource | undefined {
  if (source?.kind === 'bytes') return source.bytes as Uint8Array<ArrayBuffer>;
  return source?.handle instanceof Blob ? source.handle : undefined;
}
