import { parseBlobId } from '../../protocol/blob-id.ts';
import type { EncodedBlob } from '../../protocol/blob-summary.ts';
import { verifySignature } from '../../protocol/certificate.ts';
import type { Clock } from '../../protocol/ports.ts';
import { pairOfShard, shardIndex } from '../../protocol/sliver-mapping.ts';
import type { CommitteeMember } from '../chain-port.ts';

export type Send = (request: Request) => Promise<Response>;

export interface UploadDoors {
  readonly send: Send;
  readonly clock: Clock;
}

/** What goes to every node. */
export interface Upload {
  readonly blob: EncodedBlob;
  /** of a deletable blob */
  readonly objectId: string | undefined;
  /** the bytes that nodes have to sign */
  readonly message: Uint8Array;
}

/** The end of an upload, for all who work on it. */
export interface Stop {
  readonly signal: AbortSignal;
  /** rejects when `signal` fires */
  readonly stopped: Promise<never>;
}

const CONCURRENCY = 10;
const TRIES = 6;
const FIRST_WAIT_MS = 200;
const AXES = ['primary', 'secondary'] as const;

/**
 * Brings one node its slivers: metadata, then slivers, then its confirmation. Each request is tried several times.
 *
 * @returns the node's signature, verified; undefined if the node cannot be brought to confirm
 */
export async function uploadToNode(
  doors: UploadDoors,
  member: CommitteeMember,
  upload: Upload,
  stop: Stop,
): Promise<Uint8Array | undefined> {
  const { blob, objectId, message } = upload;
  const base = `http://${member.networkAddress}/v1/blobs/${blob.blobId}`;
  const put = (path: string, bytes: Uint8Array) =>
    persist(doors, stop, () => {
      const headers = { 'content-type': 'application/octet-stream' };
      const body = bytes as Uint8Array<ArrayBuffer>;
      return new Request(`${base}/${path}`, { method: 'PUT', headers, body });
    });

  if ((await put('metadata', blob.metadata)) === undefined) return undefined;
  const id = parseBlobId(blob.blobId);
  const places = member.shards.flatMap((shard) => {
    const pair = pairOfShard(shardIndex(shard, blob.shardCount), id, blob.shardCount);
    return AXES.map((axis) => ({ axis, pair }));
  });
  const stored = await inLanes(places, CONCURRENCY, async ({ axis, pair }) => {
    const slivers = axis === 'primary' ? blob.primarySlivers : blob.secondarySlivers;
    return (await put(`slivers/${pair}/${axis}`, slivers[pair] as Uint8Array)) !== undefined;
  });
  if (!stored) return undefined;
  const kind = objectId === undefined ? 'permanent' : `deletable/${objectId}`;
  const answer = await persist(doors, stop, () => new Request(`${base}/confirmation/${kind}`));
  const signature = answer && signatureOf(answer, message);
  return signature && verifySignature(member.publicKey, message, signature) ? signature : undefined;
}

/** Runs work over items, `lanes` at a time, until one fails. @returns whether all went well */
async function inLanes<T>(items: T[], lanes: number, work: (item: T) => Promise<boolean>) {
  let ok = true;
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) {
      if (!ok) return;
      if (!(await work(item))) ok = false;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return ok;
}

/** Sends a request until it succeeds. @returns the body; undefined when that is hopeless */
async function persist(
  { send, clock }: UploadDoors,
  { stopped, signal }: Stop,
  make: () => Request,
): Promise<string | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (signal.aborted) return undefined;
    try {
      const waitMs = FIRST_WAIT_MS * 2 ** (tries - 1);
      if (tries > 0) await Promise.race([clock.sleep(waitMs), stopped]);
      const response = await Promise.race([send(make()), stopped]);
      const text = await Promise.race([response.text(), stopped]);
      if (response.ok) return text;
      // Not registered yet, or shards on their way: time heals. A body that is refused stays refused.
      if (/INVALID_|MISMATCH|OUT_OF_RANGE|UNSUPPORTED/.test(text)) return undefined;
    } catch {
      // no answer: another try, unless all is over
    }
  }
  return undefined;
}

/** The signature of a confirmation, if it is over exactly this message. */
function signatureOf(answer: string, message: Uint8Array): Uint8Array | undefined {
  try {
    const { serializedMessage, signature } = JSON.parse(answer).success.data.signed;
    const said = fromBase64(serializedMessage);
    const isSame = said.length === message.length && said.every((byte, i) => byte === message[i]);
    return isSame ? fromBase64(signature) : undefined;
  } catch {
    return undefined;
  }
}

const fromBase64 = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
