import type { ReadOptions } from '../../chain/chain-client.ts';
import { type ErrorCode, HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { isEnded } from '../../store/journal-state.ts';
import { certify } from './certify.ts';
import { handOver, sweep } from './hand-over.ts';
import type { IntentRun } from './intent-run.ts';
import { inLanes } from './lanes.ts';
import { CHAIN_PATIENCE, isChainTrouble, type Patience, persist } from './patience.ts';
import { settle } from './settle.ts';
import type { Condition, StoreState } from './types.ts';
import { type UploadContext, upload } from './upload.ts';

export interface DriveContext extends UploadContext {
  /** asks the wallet once the person wants it, and for one transaction after the other */
  approve(ask: () => Promise<void>): Promise<void>;
  /** undefined: nothing is being done, see the facts */
  onState(state: StoreState | undefined): void;
  /** what it waits for; undefined once it does not any more */
  onCondition(condition: Condition | undefined): void;
  /** a blob that cannot be finished here; the others go on */
  onFailed(blob: number, error: HauloutError): void;
}

const UPLOADS_AT_ONCE = 4;
/** Between tries to reach enough nodes; then the job waits for the person. */
const NODE_PATIENCE: Patience = { firstMs: 2_000, longestMs: 60_000, totalMs: 600_000 };
const SWEEP_PATIENCE: Patience = { firstMs: 200, longestMs: 5_000, totalMs: 30_000 };
/** Epochs that may end between the last confirmation and the certificate on chain. */
const CERTIFY_TRIES = 5;
/** How often nodes are asked to sign anew, because an epoch has ended. */
const UPLOAD_ROUNDS = 5;

/** What has happened since this page works on an intent. */
interface Progress {
  readonly failed: Map<number, HauloutError>;
  uploadRounds: number;
}

/** What may go away by itself, while nothing is lost. */
const PASSING: readonly ErrorCode[] = [
  ...(['quorum-unreached', 'chain-unavailable', 'relay-unavailable', 'not-final-yet'] as const),
  ...(['host-unreachable', 'host-silent', 'certificate-mismatch'] as const),
];

const isPassing = (error: unknown) => isHauloutError(error) && PASSING.includes(error.code);

/**
 * Brings a paid intent to its end, from wherever it is.
 *
 * @throws HauloutError what stands in the way; everything that was reached is written down
 */
export async function driveIntent(run: IntentRun, context: DriveContext): Promise<void> {
  const progress: Progress = { failed: new Map(), uploadRounds: 0 };
  for (let refusals = 0; needsWork(run); ) {
    try {
      await step(run, context, progress);
    } catch (error) {
      // Nodes have signed for an epoch that is over, say: they sign again, free of charge.
      const isRefused = isHauloutError(error, 'transaction-refused');
      if (!isRefused || run.state.registered === undefined || ++refusals >= CERTIFY_TRIES)
        throw error;
    }
  }
  if (isEnded(run.state.phase) && !run.state.closed) await close(run, context.signal);
}

function needsWork({ state }: IntentRun): boolean {
  return state.pending !== undefined || ['registered', 'handing-over'].includes(state.phase);
}

async function step(run: IntentRun, context: DriveContext, progress: Progress): Promise<void> {
  const { signal, onState, onCondition } = context;
  const { failed } = progress;
  const { pending, phase } = run.state;
  if (pending !== undefined) {
    onState(pending.purpose === 'register' ? 'settling' : 'certifying');
    return settle(run, signal, onCondition);
  }
  if (phase === 'handing-over') return handOver(run, signal, onCondition);
  const epoch = await epochOf(run, context, { fresh: true });
  if (isOverIn(run, epoch) && (await isCertainlyOver(run, context))) {
    return run.append([{ kind: 'cancelled', reason: 'expired', deletes: false }]);
  }
  const left = missingBlobs(run, epoch).filter((blob) => !failed.has(blob));
  if (left.length > 0) {
    if (progress.uploadRounds++ === UPLOAD_ROUNDS) {
      const reason = 'every one was of an epoch that was over';
      throw new HauloutError('certificate-mismatch', { reason });
    }
    return uploadAll(run, left, context, failed);
  }
  const { objects, certified, key } = run.state;
  const certifies = [...objects.keys()].filter((blob) => !failed.has(blob) && !certified.has(blob));
  const [error] = failed.values();
  if (error !== undefined && certifies.length === 0) throw error;
  const send = () => certify(run, certifies, context);
  onState(key ? 'certifying' : 'awaiting-certify');
  await (key ? send() : context.approve(send));
}

/** The epoch of Walrus. */
async function epochOf(
  { ports }: IntentRun,
  { signal, onCondition }: DriveContext,
  options: Pick<ReadOptions, 'fresh' | 'certain'>,
): Promise<number> {
  const read = () => ports.chain.system({ ...options, signal });
  const view = await persist(ports, CHAIN_PATIENCE, read, isChainTrouble, signal, onCondition);
  return view.epoch;
}

/** Whether all storage has ended. */
function isOverIn({ state }: IntentRun, epoch: number): boolean {
  return [...state.objects.values()].every(({ endEpoch }) => endEpoch <= epoch);
}

/**
 * Whether all full nodes say so. One that is silent for long is not waited for: the person gets the
 * blobs as they are, which loses nothing.
 */
async function isCertainlyOver(run: IntentRun, context: DriveContext): Promise<boolean> {
  try {
    return isOverIn(run, await epochOf(run, context, { certain: true }));
  } catch (error) {
    if (!isChainTrouble(error)) throw error;
    context.onCondition(undefined);
    return true;
  }
}

/** Blobs without a certificate that the chain would take in this epoch. */
function missingBlobs({ state }: IntentRun, epoch: number): readonly number[] {
  const { objects, certificates, certified } = state;
  return [...objects.keys()].filter((blob) => {
    const signedIn = certificates.get(blob)?.certificate.epoch ?? -1;
    return !certified.has(blob) && signedIn < epoch;
  });
}

/**
 * Uploads side by side. What fails for good is noted, the others go on; where none can go on, this
 * rejects once nothing is under way any more.
 */
async function uploadAll(
  run: IntentRun,
  blobs: readonly number[],
  context: DriveContext,
  failed: Map<number, HauloutError>,
): Promise<void> {
  const { onCondition } = context;
  const stop = new AbortController();
  const uploadOne = async (blob: number) => {
    // One for each: hundreds of uploads, and what they leave to be done, listen to it.
    const signal = AbortSignal.any([context.signal, stop.signal]);
    try {
      const send = () => upload(run, blob, { ...context, signal });
      await persist(run.ports, NODE_PATIENCE, send, isPassing, signal, onCondition);
    } catch (error) {
      if (!isHauloutError(error) || isFatal(error)) throw error;
      failed.set(blob, error);
      context.onFailed(blob, error);
    }
  };
  context.onState('uploading');
  await inLanes(UPLOADS_AT_ONCE, blobs, uploadOne, () => stop.abort());
}

/** Not about one blob. */
function isFatal(error: HauloutError): boolean {
  return isPassing(error) || isOver(error);
}

/** Somebody else works on it, nothing can be written down, or it is to stop. */
function isOver({ code }: HauloutError): boolean {
  return ['aborted', 'revision-stale', 'store-full'].includes(code);
}

/** Gives the person what is left at the holder, then deletes the key. Later, if it is too early now. */
export async function close(run: IntentRun, signal: AbortSignal): Promise<void> {
  const { ports } = run;
  const sweepOnce = async () => {
    const state = await sweep(run, signal);
    // What a wallet was shown dies with an epoch of Sui: that is not waited for.
    if (state === 'not-yet' && run.state.phase === 'dead') return;
    if (state !== 'closed') throw new HauloutError('not-final-yet', {});
  };
  // The person has everything; a key that is kept too long loses nothing.
  await persist(ports, SWEEP_PATIENCE, sweepOnce, isPassing, signal).catch((error: unknown) => {
    if (!isHauloutError(error) || isOver(error)) throw error;
  });
}
