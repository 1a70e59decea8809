import { hexToBytes } from '@noble/hashes/utils.js';
import { parseBlobId } from '../../protocol/blob-id.ts';
import type { EncodedBlob } from '../../protocol/blob-summary.ts';
import { aggregateSignatures, type Certificate } from '../../protocol/certificate.ts';
import { quorumWeight } from '../../protocol/committee.ts';
import { confirmationMessage } from '../../protocol/messages.ts';
import type { ChainCommittee, ChainPort } from '../chain-port.ts';
import { type UploadDoors, uploadToNode } from './node-upload.ts';

export interface DistributeSettings {
  /** wait for stragglers after a quorum: so many ms and this part of the time so far */
  readonly tailMs: number;
  readonly tailFraction: number;
  /** all of it, in ms */
  readonly limitMs: number;
}

export const DEFAULT_DISTRIBUTE: DistributeSettings = {
  tailMs: 500,
  tailFraction: 0.5,
  limitMs: 120_000,
};

const ROUNDS = 3; // an epoch may end in the middle of one

/**
 * Stores a blob on all nodes that take it.
 *
 * @returns a certificate of this epoch; undefined if too few nodes confirmed
 */
export async function distribute(
  doors: UploadDoors,
  port: ChainPort,
  blob: EncodedBlob,
  objectId: string | undefined,
  settings: DistributeSettings = DEFAULT_DISTRIBUTE,
): Promise<Certificate | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const committee = port.state().current;
    const certificate = await collect(doors, committee, blob, objectId, settings);
    if (port.state().epoch === committee.epoch) return certificate;
  }
  return undefined;
}

async function collect(
  doors: UploadDoors,
  committee: ChainCommittee,
  blob: EncodedBlob,
  objectId: string | undefined,
  settings: DistributeSettings,
): Promise<Certificate | undefined> {
  const { clock } = doors;
  const { epoch, members, shardCount } = committee;
  const object = objectId === undefined ? {} : { objectId: hexToBytes(objectId.slice(2)) };
  const message = confirmationMessage({ epoch, blobId: parseBlobId(blob.blobId), ...object });
  const begin = clock.monotonic();
  const stop = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
  });
  stopped.catch(() => undefined);
  const signatures = new Map<number, Uint8Array>();
  let weight = 0;
  const endAfter = (ms: number) => {
    clock.sleep(ms, stop.signal).then(
      () => stop.abort(new Error('out of time')),
      () => undefined, // all nodes were faster
    );
  };
  endAfter(settings.limitMs);
  await Promise.all(
    members.map(async (member, index) => {
      const upload = { blob, objectId, message };
      const signature = await uploadToNode(doors, member, upload, { signal: stop.signal, stopped });
      if (signature === undefined) return;
      const was = weight;
      weight += member.weight;
      signatures.set(index, signature);
      const quorum = quorumWeight(shardCount);
      if (was >= quorum || weight < quorum) return;
      endAfter(settings.tailMs + settings.tailFraction * (clock.monotonic() - begin));
    }),
  );
  stop.abort();
  if (weight < quorumWeight(shardCount)) return undefined;
  const signers = [...signatures.keys()].sort((a, b) => a - b);
  const parts = signers.map((index) => signatures.get(index) as Uint8Array);
  return { signers, message, signature: aggregateSignatures(parts) };
}
