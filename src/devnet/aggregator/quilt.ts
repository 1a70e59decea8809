import { formatBlobId } from '../../protocol/blob-id.ts';
import { ByteReader } from '../../protocol/byte-reader.ts';
import { AggregatorError } from './errors.ts';
import type { OpenBlob } from './node-reads.ts';
import type { BlobReader } from './read-blob.ts';

/** Where a patch lies: columns `begin..end` of a quilt. */
export interface PatchPlace {
  readonly begin: number;
  readonly end: number;
}

export interface PatchEntry extends PatchPlace {
  readonly identifier: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Patch {
  readonly identifier: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

const VERSION = 1;
const PREFIX_BYTES = 5; // version, u32 length
const MAX_INDEX_COLUMNS = 10;
const ID_BYTES = 32;

/** Reads the 50 characters of a patch ID. Undefined if they are none. */
export function parsePatchId(text: string): ({ blobId: string } & PatchPlace) | undefined {
  if (!/^[A-Za-z0-9_-]{50}$/.test(text)) return undefined;
  const digits = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(digits, (char) => char.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  if (bytes.length !== ID_BYTES + 5 || bytes[ID_BYTES] !== VERSION) return undefined;
  const [begin, end] = [view.getUint16(ID_BYTES + 1, true), view.getUint16(ID_BYTES + 3, true)];
  return { blobId: formatBlobId(bytes.subarray(0, ID_BYTES)), begin, end };
}

export function formatPatchId(blobIdBytes: Uint8Array, { begin, end }: PatchPlace): string {
  const bytes = new Uint8Array(ID_BYTES + 5);
  bytes.set(blobIdBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(ID_BYTES, VERSION);
  view.setUint16(ID_BYTES + 1, begin, true);
  view.setUint16(ID_BYTES + 3, end, true);
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** All patches of a quilt. @throws AggregatorError 404 if the blob is no quilt */
export async function readIndex(reader: BlobReader, blob: OpenBlob): Promise<PatchEntry[]> {
  const { columnBytes } = blob.geometry;
  if (columnBytes < PREFIX_BYTES) throw noQuilt();
  const first = await reader.columns(blob, 0, 1);
  const length = new DataView(first.buffer, first.byteOffset).getUint32(1, true);
  const columns = Math.ceil((PREFIX_BYTES + length) / columnBytes);
  if (first[0] !== VERSION || columns > MAX_INDEX_COLUMNS) throw noQuilt();
  const bytes = columns === 1 ? first : await reader.columns(blob, 0, columns);
  return parsed(() => {
    const index = new ByteReader(
      bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length),
      'sliver-malformed',
    );
    const entries: PatchEntry[] = [];
    let begin = columns;
    for (let left = index.uleb(); left > 0; left--) {
      const end = index.u16();
      entries.push({ begin, end, identifier: text(index), tags: tagsOf(index) });
      begin = end;
    }
    return entries;
  });
}

/** One patch. @throws AggregatorError 404 if there is none at this place */
export async function readPatch(
  reader: BlobReader,
  blob: OpenBlob,
  { begin, end }: PatchPlace,
): Promise<Patch> {
  if (begin === 0 || begin >= end || end > blob.geometry.columnCount) throw noPatch();
  const bytes = await reader.columns(blob, begin, end);
  return parsed(() => {
    const patch = new ByteReader(bytes, 'sliver-malformed');
    if (patch.u8() !== VERSION) throw noPatch();
    const length = patch.u16() + patch.u16() * 65_536;
    const hasTags = (patch.u8() & 1) === 1;
    const body = new ByteReader(patch.take(length), 'sliver-malformed');
    const identifier = text(new ByteReader(body.take(body.u16()), 'sliver-malformed'));
    const tags = hasTags ? tagsOf(new ByteReader(body.take(body.u16()), 'sliver-malformed')) : {};
    return { identifier, tags, data: body.take(body.left) };
  });
}

/** Columns are verified against the blob ID: what cannot be parsed was never a quilt. */
function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch {
    throw noPatch();
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const text = (reader: ByteReader) => utf8.decode(reader.take(reader.uleb()));

function tagsOf(reader: ByteReader): Record<string, string> {
  const count = reader.uleb();
  return Object.fromEntries(Array.from({ length: count }, () => [text(reader), text(reader)]));
}

const noPatch = () => new AggregatorError('QUILT_PATCH_NOT_FOUND');
const noQuilt = () => new AggregatorError('QUILT_PATCH_NOT_FOUND', 'the blob is not a quilt');
