import { parseBlobId } from '../../protocol/blob-id.ts';
import { RelayError } from './relay-error.ts';

/** What an upload says about itself. */
export interface UploadQuery {
  readonly blobId: string;
  /** base58 digest of the transaction that paid */
  readonly txId: string | undefined;
  /** 32 bytes */
  readonly nonce: Uint8Array | undefined;
  /** of a deletable blob */
  readonly objectId: string | undefined;
}

const NAMES = ['blob_id', 'tx_id', 'nonce', 'deletable_blob_object', 'encoding_type'];
const NONCE_BYTES = 32;

/** @throws RelayError 400 */
export function readUploadQuery(query: URLSearchParams): UploadQuery {
  for (const name of query.keys()) {
    if (!NAMES.includes(name)) throw malformed(`unknown field \`${name}\``);
    if (query.getAll(name).length > 1) throw malformed(`duplicate field \`${name}\``);
  }
  const blobId = query.get('blob_id');
  if (blobId === null) throw malformed('missing field `blob_id`');
  try {
    parseBlobId(blobId);
  } catch {
    throw malformed('blob_id: not a blob ID');
  }
  const encoding = query.get('encoding_type');
  if (encoding !== null && encoding !== 'RS2') throw malformed('encoding_type: unknown variant');
  return {
    blobId,
    txId: textOf(query, 'tx_id', /^[1-9A-HJ-NP-Za-km-z]{32,44}$/, 'not a transaction digest'),
    nonce: nonceOf(query.get('nonce')),
    objectId: objectOf(query),
  };
}

function textOf(query: URLSearchParams, name: string, shape: RegExp, why: string) {
  const text = query.get(name);
  if (text !== null && !shape.test(text)) throw malformed(`${name}: ${why}`);
  return text ?? undefined;
}

function objectOf(query: URLSearchParams): string | undefined {
  const name = 'deletable_blob_object';
  const text = textOf(query, name, /^0x[0-9a-fA-F]{1,64}$/, 'not an object ID');
  return text && `0x${text.slice(2).toLowerCase().padStart(64, '0')}`;
}

function nonceOf(text: string | null): Uint8Array | undefined {
  if (text === null) return undefined;
  // 32 bytes are 43 digits, of which the last one has four bits.
  if (!/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text)) throw malformed('nonce: not 32 bytes');
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from({ length: NONCE_BYTES }, (_, i) => bytes.charCodeAt(i));
}

const malformed = (why: string) =>
  new RelayError(400, `Failed to deserialize query string: ${why}`);
