import { findBlobId } from '../../protocol/blob-id.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { BLOB_POLICY } from './blob-policy.ts';
import type { BlobReads, OpenedBlob, ReadCallOptions } from './blob-reads.ts';
import { contentType, SNIFF_BYTES } from './content-type.ts';
import { joined } from './joined.ts';
import { type RangeWish, rangeWish } from './range-header.ts';

export interface WalrusFetchInit
  extends Pick<RequestInit, 'method' | 'headers' | 'signal'>,
    Pick<ReadCallOptions, 'sources' | 'readAhead' | 'onRow'> {
  /** what the blob is said to be; taken where it is on the closed list and its first bytes agree */
  readonly contentType?: string;
}

/** Types that were found out, by blob ID and what was said; a page that seeks asks often. */
const KEPT_TYPES = 200;
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Answers for blobs as `fetch` answers for addresses. */
export class WalrusFetch {
  readonly #reads: BlobReads;
  readonly #types = new Map<string, string>();

  constructor(reads: BlobReads) {
    this.#reads = reads;
  }

  /**
   * The verified bytes of a blob as a `Response`.
   *
   * @param input a blob ID, `walrus:` and a blob ID, or an address or request whose path has one behind `blobs/`
   * @returns 200, 206, 304, 404 if no node knows the blob, 405, 416, 451; the body fails where a row cannot be had
   * @throws HauloutError 'argument-invalid' if the input names no blob; else as `readBlob`
   */
  async fetch(input: string | URL | Request, init: WalrusFetchInit = {}): Promise<Response> {
    const blobId = blobIdIn(input);
    const given = input instanceof Request ? input : undefined;
    const method = (init.method ?? given?.method ?? 'GET').toUpperCase();
    if (method !== 'GET' && method !== 'HEAD') return bare(405, { allow: 'GET, HEAD' });
    const headers = new Headers(init.headers ?? given?.headers);
    const etag = `"${blobId}"`;
    const known = tagsOf(headers.get('if-none-match'));
    if (known.includes(etag)) return bare(304, { etag });
    const signal = init.signal ?? given?.signal ?? new AbortController().signal;
    try {
      const blob = await this.#reads.open(blobId, { ...init, signal });
      if (known.includes('*')) {
        blob.close();
        return bare(304, { etag }); // any will do, but there has to be one
      }
      const asked = { method, headers, etag, wanted: init.contentType };
      return await this.#answer(blob, asked).catch((error: unknown) => {
        blob.close();
        throw error;
      });
    } catch (error) {
      if (isHauloutError(error, 'blob-unknown')) return bare(404, {});
      if (isHauloutError(error, 'blob-blocked')) return bare(451, {});
      throw error;
    }
  }

  async #answer(
    blob: OpenedBlob,
    {
      method,
      headers: asked,
      etag,
      wanted,
    }: { method: string; headers: Headers; etag: string; wanted: string | undefined },
  ): Promise<Response> {
    const { unencodedBytes: length } = blob;
    const ifRange = asked.get('if-range');
    const isWished = ifRange === null || ifRange.trim() === etag;
    const wish = rangeWish(isWished && method === 'GET' ? asked.get('range') : null, length);
    if (wish.kind === 'unsatisfiable') {
      blob.close();
      return bare(416, { etag, 'content-range': `bytes */${length}` });
    }
    const { begin, end } = wish.kind === 'part' ? wish : { begin: 0, end: length };
    const body = method === 'HEAD' ? undefined : bodyOf(blob, wish);
    const isTelling = begin === 0 && end >= Math.min(SNIFF_BYTES, length);
    const type = await this.#typeOf(blob, wanted, isTelling ? body : undefined);
    const headers = new Headers({
      etag,
      'accept-ranges': 'bytes',
      'cache-control': IMMUTABLE,
      'content-length': `${end - begin}`,
      'content-type': type.name,
      'x-content-type-options': 'nosniff',
      'content-security-policy': BLOB_POLICY,
    });
    if (wish.kind === 'part') headers.set('content-range', `bytes ${begin}-${end - 1}/${length}`);
    const status = wish.kind === 'part' ? 206 : 200;
    if (body === undefined) blob.close();
    return new Response(type.body ?? body ?? null, { status, headers });
  }

  /** @param body from the first byte on; what is looked at of it is put back into `body` of the result */
  async #typeOf(
    blob: OpenedBlob,
    wanted: string | undefined,
    body: Body | undefined,
  ): Promise<{ readonly name: string; readonly body?: Body }> {
    const key = `${blob.blobId} ${wanted ?? ''}`;
    const known = this.#types.get(key);
    if (known !== undefined) return { name: known };
    const looked = body && (await peek(body, SNIFF_BYTES));
    const name = contentType(looked?.first ?? (await blob.first(SNIFF_BYTES)), wanted);
    this.#types.set(key, name);
    const [oldest = ''] = this.#types.keys();
    if (this.#types.size > KEPT_TYPES) this.#types.delete(oldest);
    return { name, ...(looked ? { body: looked.body } : {}) };
  }
}

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

function bodyOf(blob: OpenedBlob, wish: RangeWish): Body {
  return wish.kind === 'part' ? blob.part(wish.begin, wish.end) : blob.whole();
}

/** The first pieces of a stream, `bytes` or more unless it ends, and a stream that begins with them once more. */
async function peek(
  stream: Body,
  bytes: number,
): Promise<{ readonly first: Uint8Array<ArrayBuffer>; readonly body: Body }> {
  const reader = stream.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  while (length < bytes) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  const first = await joined(pieces, length);
  const source: UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> = {
    async pull(controller) {
      const piece = pieces.shift() ?? (await reader.read()).value;
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
    cancel: (reason) => reader.cancel(reason),
  };
  return { first, body: new ReadableStream(source, { highWaterMark: 0 }) };
}

/** @throws HauloutError 'argument-invalid' */
function blobIdIn(input: string | URL | Request): string {
  const text = input instanceof Request ? input.url : String(input);
  const [, named] =
    /^(?:walrus:(?:\/\/)?)?([A-Za-z0-9_-]{43})\/?$/.exec(text) ??
    /\/blobs\/([A-Za-z0-9_-]{43})(?=$|[?#/])/.exec(text) ??
    [];
  const blobId = named === undefined ? undefined : findBlobId(named);
  if (blobId !== undefined) return blobId;
  throw new HauloutError('argument-invalid', { name: 'input', reason: 'names no blob' });
}

/** The tags that a header lists, weak ones too. */
function tagsOf(header: string | null): readonly string[] {
  return header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
}

function bare(status: number, headers: Record<string, string>): Response {
  return new Response(null, { status, headers });
}
