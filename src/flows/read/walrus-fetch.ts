import { findBlobId } from '../../protocol/blob-id.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { BlobSource } from '../../transfer/read/blob-source.ts';
import type { BlobReads, OpenedBlob } from './blob-reads.ts';
import { contentType, SNIFF_BYTES } from './content-type.ts';
import { rangeWish } from './range-header.ts';

export interface WalrusFetchInit extends Pick<RequestInit, 'method' | 'headers' | 'signal'> {
  /** what the blob is said to be; taken where it is on the closed list and its first bytes agree */
  readonly contentType?: string;
  /** as in `readBlob` */
  readonly sources?: readonly BlobSource[];
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
    if (matches(headers.get('if-none-match'), etag)) return bare(304, { etag });
    const signal = init.signal ?? given?.signal;
    const { sources } = init;
    try {
      const options = { ...(signal ? { signal } : {}), ...(sources ? { sources } : {}) };
      const blob = await this.#reads.open(blobId, options);
      return await this.#answer(blob, { method, headers, etag, wanted: init.contentType });
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
    const headers = new Headers({
      etag,
      'accept-ranges': 'bytes',
      'cache-control': IMMUTABLE,
      'content-length': `${end - begin}`,
      'content-type': await this.#typeOf(blob, wanted),
      'x-content-type-options': 'nosniff',
    });
    if (wish.kind === 'part') headers.set('content-range', `bytes ${begin}-${end - 1}/${length}`);
    const status = wish.kind === 'part' ? 206 : 200;
    if (method === 'HEAD') {
      blob.close();
      return new Response(null, { status, headers });
    }
    return new Response(wish.kind === 'part' ? blob.part(begin, end) : blob.whole(), {
      ...{ status, headers },
    });
  }

  async #typeOf(blob: OpenedBlob, wanted: string | undefined): Promise<string> {
    const key = `${blob.blobId} ${wanted ?? ''}`;
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    const found = contentType(await blob.first(SNIFF_BYTES), wanted);
    this.#types.set(key, found);
    const [oldest = ''] = this.#types.keys();
    if (this.#types.size > KEPT_TYPES) this.#types.delete(oldest);
    return found;
  }
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

function matches(header: string | null, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

function bare(status: number, headers: Record<string, string>): Response {
  return new Response(null, { status, headers });
}
