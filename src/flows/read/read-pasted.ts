import {
  blobIdFromInteger,
  findBlobId,
  formatBlobId,
  parseBlobId,
} from '../../protocol/blob-id.ts';

/** What a person typed, pasted or scanned to open something. */
export type Pasted =
  | { readonly kind: 'none' }
  | { readonly kind: 'blob'; readonly blobId: string }
  /** `0x` and 64 hex digits */
  | { readonly kind: 'object'; readonly objectId: string }
  /** text that may be a receipt */
  | { readonly kind: 'receipt'; readonly text: string }
  | { readonly kind: 'malformed'; readonly error: unknown };

/**
 * Reads a blob ID (as text or as the number that explorers show), an object ID, a link that holds one of them (ours, an
 * aggregator's, an explorer's, `walrus:`), or a receipt.
 */
export function readPasted(text: string): Pasted {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'none' };
  if (trimmed.startsWith('{')) return { kind: 'receipt', text: trimmed };
  const blobId = findBlobId(trimmed) ?? findBlobId(decoded(trimmed)) ?? fromNumber(trimmed);
  if (blobId !== undefined) return { kind: 'blob', blobId };
  const [, digits] =
    /^0x([0-9a-f]{1,64})$/i.exec(trimmed) ??
    /^([0-9a-f]{64})$/i.exec(trimmed) ??
    /(?<![\w])0x([0-9a-f]{64})(?!\w)/i.exec(trimmed) ??
    [];
  if (digits !== undefined) return { kind: 'object', objectId: objectIdOf(digits) };
  try {
    parseBlobId(trimmed);
  } catch (error) {
    return { kind: 'malformed', error };
  }
  return { kind: 'none' };
}

/** An address inside of another one, as mail programs write it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function objectIdOf(digits: string): string {
  return `0x${digits.toLowerCase().padStart(64, '0')}`;
}

/** The chain writes blob IDs as numbers of about 77 digits. */
function fromNumber(text: string): string | undefined {
  if (!/^\d{60,78}$/.test(text)) return undefined;
  const integer = BigInt(text);
  return integer >> 256n === 0n ? formatBlobId(blobIdFromInteger(integer)) : undefined;
}
