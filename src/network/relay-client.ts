import { BLOB_ID_BYTES, formatBlobId } from '../protocol/blob-id.ts';
import type { Certificate } from '../protocol/certificate.ts';
import { HauloutError } from '../protocol/errors.ts';
import type { Transport } from '../protocol/ports.ts';
import { fieldOf, fromBase64, JSON_LIMIT, jsonOf, textOf } from './exchange.ts';

/** What a relay wants for its work, in MIST. */
export type RelayTip =
  | 'none'
  | { readonly address: string; readonly kind: 'const'; readonly mist: bigint }
  | {
      readonly address: string;
      readonly kind: 'linear';
      readonly baseMist: bigint;
      /** for every KiB of the encoded blob that is begun */
      readonly mistPerKiB: bigint;
    };

/** Largest body that relays take. */
export const RELAY_LIMIT_BYTES = 1 << 30;

const TIP_IDLE_MS = 15_000;
/** longest time without a byte that goes out */
const SEND_IDLE_MS = 60_000;
/** a relay encodes and distributes before it answers */
const WORK_IDLE_MS = 300_000;

/** The tip for a blob. @param encodedBytes what storage is bought for */
export function tipMist(tip: RelayTip, encodedBytes: number): bigint {
  if (tip === 'none') return 0n;
  if (tip.kind === 'const') return tip.mist;
  return tip.baseMist + BigInt(Math.ceil(encodedBytes / 1_024)) * tip.mistPerKiB;
}

/**
 * Asks a relay what it wants.
 *
 * @param relay its URL, without a slash at the end
 * @throws HauloutError 'relay-unavailable', 'answer-unusable', those of `Transport`
 */
export async function relayTip(
  transport: Transport,
  relay: string,
  signal: AbortSignal,
): Promise<RelayTip> {
  const url = `${relay}/v1/tip-config`;
  const limits = { idleMs: TIP_IDLE_MS, maxBytes: JSON_LIMIT };
  const response = await transport.send({ url, method: 'GET' }, limits, signal);
  if (!response.ok) {
    await response.body?.cancel();
    throw new HauloutError('relay-unavailable', { status: response.status });
  }
  const { host } = new URL(relay);
  const tip = readTip(await jsonOf(response, host));
  if (tip === undefined) throw new HauloutError('answer-unusable', { host, reason: 'shape' });
  return tip;
}

/** What proves to a relay that its tip was paid. */
export interface TipPayment {
  /** base58 digest of the transaction that paid */
  readonly txId: string;
  /** 32 bytes, whose SHA-256 is in that transaction */
  readonly nonce: Uint8Array;
  /** what was paid, in MIST */
  readonly tipMist: bigint;
}

export interface RelayPost {
  /** URL of the relay, without a slash at the end */
  readonly relay: string;
  readonly blobId: string;
  readonly source: Blob;
  /** of a deletable blob */
  readonly objectId?: string;
  readonly payment?: TipPayment;
  onSent?(bytes: number): void;
}

/**
 * Sends a blob to a relay once. The certificate is what the relay said: nothing is verified.
 *
 * @throws HauloutError 'relay-refused', 'relay-receipt-stale', 'relay-unavailable', 'answer-unusable', those of
 *   `Transport`
 */
export async function postBlob(
  transport: Transport,
  post: RelayPost,
  signal: AbortSignal,
): Promise<Certificate> {
  const { relay, source } = post;
  const { host } = new URL(relay);
  // A type would tell something about the file, and make browsers ask for permission first.
  const body = source.slice(0, source.size, '');
  let sent = 0;
  const limits = {
    maxBytes: JSON_LIMIT,
    // Once everything is sent, the relay has work to do. Where nothing is told about the body, it may still move.
    get idleMs() {
      return sent > 0 && sent < source.size ? SEND_IDLE_MS : WORK_IDLE_MS;
    },
    onSent(bytes: number) {
      sent = bytes;
      post.onSent?.(bytes);
    },
  };
  const request = { url: urlOf(post), method: 'POST', body } as const;
  const response = await transport.send(request, limits, signal);
  if (!response.ok) throw await refusalOf(response, post);
  const certificate = readCertificate(await jsonOf(response, host), post.blobId);
  if (certificate !== undefined) return certificate;
  throw new HauloutError('answer-unusable', { host, reason: 'shape' });
}

function urlOf({ relay, blobId, payment, objectId }: RelayPost): string {
  const query = new URLSearchParams({ blob_id: blobId });
  if (payment !== undefined) {
    query.set('nonce', toBase64Url(payment.nonce));
    query.set('tx_id', payment.txId);
  }
  if (objectId !== undefined) query.set('deletable_blob_object', objectId);
  query.set('encoding_type', 'RS2');
  return `${relay}/v1/blob-upload-relay?${query}`;
}

/** Tells refusals, which stay, from failures, which pass. */
async function refusalOf(response: Response, { payment }: RelayPost): Promise<HauloutError> {
  const { status } = response;
  const text = await textOf(response).catch(() => '');
  if (status === 408 || status === 429 || status >= 500) {
    return new HauloutError('relay-unavailable', { status });
  }
  if (status === 400 && payment !== undefined && /\bold\b|expired/i.test(text)) {
    return new HauloutError('relay-receipt-stale', { tipMist: payment.tipMist.toString() });
  }
  const reason = status === 402 ? 'payment' : status === 413 ? 'too-large' : 'rejected';
  return new HauloutError('relay-refused', { status, reason });
}

function readTip(json: unknown): RelayTip | undefined {
  if (json === 'no_tip') return 'none';
  const tip = fieldOf(json, 'send_tip');
  const address = fieldOf(tip, 'address');
  if (typeof address !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(address)) return undefined;
  const kind = fieldOf(tip, 'kind');
  const mist = amountOf(fieldOf(kind, 'const'));
  if (mist !== undefined) return { address, kind: 'const', mist };
  const linear = fieldOf(kind, 'linear');
  const baseMist = amountOf(fieldOf(linear, 'base'));
  const mistPerKiB = amountOf(fieldOf(linear, 'encoded_size_mul_per_kib'));
  if (baseMist === undefined || mistPerKiB === undefined) return undefined;
  return { address, kind: 'linear', baseMist, mistPerKiB };
}

function amountOf(value: unknown): bigint | undefined {
  const isAmount = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  return isAmount ? BigInt(value) : undefined;
}

/** The certificate in a relay's answer about this blob; undefined for anything else. */
function readCertificate(json: unknown, blobId: string): Certificate | undefined {
  const id = bytesOf(fieldOf(json, 'blob_id'));
  if (id === undefined || id.length !== BLOB_ID_BYTES || formatBlobId(id) !== blobId) {
    return undefined;
  }
  const certificate = fieldOf(json, 'confirmation_certificate');
  const signers = fieldOf(certificate, 'signers');
  const message = bytesOf(fieldOf(certificate, 'serialized_message'));
  const signature = fromBase64(fieldOf(certificate, 'signature'));
  if (message === undefined || signature === undefined || !isSigners(signers)) return undefined;
  return { signers: [...signers].sort((a, b) => a - b), message, signature };
}

function isSigners(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((index) => Number.isInteger(index) && index >= 0);
}

/** Bytes that came as a list of numbers. */
function bytesOf(value: unknown): Uint8Array | undefined {
  const isBytes =
    Array.isArray(value) &&
    value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  return isBytes ? Uint8Array.from(value) : undefined;
}

function toBase64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
