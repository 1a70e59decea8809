import { parseBlobId } from '../../protocol/blob-id.ts';
import type { ChainBlobObject } from '../chain-port.ts';
import type { Codec } from '../codec.ts';
import { readBody } from '../node/body.ts';
import { FrameworkError } from '../node/errors.ts';
import { errorReply, jsonReply, textReply } from '../node/reply.ts';
import { AggregatorError, failureReply } from './errors.ts';
import { contentHeaders } from './headers.ts';
import { NodeReads, type OpenBlob, type ReadDoors } from './node-reads.ts';
import { formatPatchId, type Patch, readIndex, readPatch } from './quilt.ts';
import { rangeOf, rangeOfQuery } from './range.ts';
import { BlobReader } from './read-blob.ts';
import { type Asked, askedOf, blobIdOf, objectIdOf } from './route.ts';

export interface AggregatorSettings {
  /** refuses ranges as the real aggregator does: both ends or nothing */
  readonly strictRanges: boolean;
  /** the largest answer: a blob, or several put together */
  readonly maxBytes: number;
  /** requests that run, and that wait, at the same time */
  readonly concurrent: number;
  readonly queued: number;
}

export const DEFAULT_AGGREGATOR: AggregatorSettings = {
  strictRanges: true,
  maxBytes: 1 << 30,
  concurrent: 256,
  queued: 320,
};

export interface AggregatorDoors extends ReadDoors {
  readonly codec: Codec;
  /** a Blob object, also one that is shared */
  blobObject(objectId: string): ChainBlobObject | undefined;
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': '*',
  'access-control-max-age': '86400',
};
const MAX_CONCAT_BODY = 64 << 10;

/** Serves blobs, parts of blobs and files of quilts over plain HTTP. */
export class Aggregator {
  readonly #doors: AggregatorDoors;
  readonly #settings: AggregatorSettings;
  readonly #reader: BlobReader;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(doors: AggregatorDoors, settings: AggregatorSettings) {
    this.#doors = doors;
    this.#settings = settings;
    this.#reader = new BlobReader(new NodeReads(doors), doors.codec);
  }

  /** Answers a request. Never rejects. */
  async handle(request: Request): Promise<Response> {
    const response = await this.#answer(request);
    for (const [name, value] of Object.entries(CORS)) response.headers.set(name, value);
    if (request.method !== 'HEAD') return response;
    await response.body?.cancel();
    return new Response(null, { status: response.status, headers: response.headers });
  }

  async #answer(request: Request): Promise<Response> {
    if (request.method === 'OPTIONS') return textReply(200, '');
    const { concurrent, queued } = this.#settings;
    if (this.#waiting.length >= queued) return textReply(429, 'Too many requests');
    if (this.#running >= concurrent) await new Promise<void>((go) => this.#waiting.push(go));
    this.#running += 1;
    try {
      return await this.#serve(request, askedOf(request.method, new URL(request.url)));
    } catch (error) {
      if (error instanceof AggregatorError) return failureReply(error);
      if (error instanceof FrameworkError) return errorReply(error);
      return failureReply(new AggregatorError('INTERNAL_ERROR'));
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  #serve(request: Request, asked: Asked): Promise<Response> {
    switch (asked.kind) {
      case 'status':
        return Promise.resolve(textReply(200, 'OK'));
      case 'api':
        return Promise.resolve(textReply(200, 'GET /v1/blobs/{blob_id}'));
      case 'blob':
        return this.#blob(request, asked.blobId, asked);
      case 'object':
        return this.#object(request, asked.objectId, asked);
      case 'stream':
        return this.#stream(request, asked.blobId);
      case 'byte-range':
        return this.#byteRange(request, asked.blobId, asked.query);
      case 'patch':
        return this.#patch(request, asked);
      case 'identifier':
        return this.#identifier(request, asked);
      case 'patches':
        return this.#patches(asked.blobId);
      case 'concat':
        return this.#concat(request, asked.ids);
    }
  }

  async #open(blobId: string) {
    const blob = await this.#reader.open(blobId);
    if (blob.geometry.blobBytes > this.#settings.maxBytes) {
      throw new AggregatorError('BLOB_TOO_LARGE');
    }
    return blob;
  }

  async #blob(
    request: Request,
    blobId: string,
    { consistency }: Asked,
    attributes: ChainBlobObject['attributes'] = [],
  ): Promise<Response> {
    const blob = await this.#open(blobId);
    const { blobBytes } = blob.geometry;
    const headers = contentHeaders(request, blobId, attributes);
    const header = request.headers.get('range');
    const range = rangeOf(header, blobBytes, this.#settings.strictRanges);
    if (range === undefined) {
      return content(200, headers, await this.#reader.whole(blob, consistency));
    }
    const { begin, end } = range;
    headers.set('content-range', `bytes ${begin}-${end - 1}/${blobBytes}`);
    return content(206, headers, await this.#reader.range(blob, begin, end));
  }

  async #object(request: Request, objectId: string, asked: Asked): Promise<Response> {
    const object = this.#doors.blobObject(objectId);
    if (object === undefined) throw new AggregatorError('BLOB_NOT_FOUND', 'no such object');
    return this.#blob(request, object.blobId, asked, object.attributes);
  }

  async #stream(request: Request, blobId: string): Promise<Response> {
    const headers = contentHeaders(request, blobId);
    headers.set('x-walrus-streaming', 'true');
    const blob = await this.#open(blobId);
    headers.set('content-length', String(blob.geometry.blobBytes));
    const pieces = this.#reader.pieces(blob);
    // What fails at once is answered as an error; what fails later ends the body too early.
    const first = await pieces.next();
    return new Response(streamOf(pieces, first), { status: 200, headers });
  }

  async #byteRange(request: Request, blobId: string, query: URLSearchParams): Promise<Response> {
    const blob = await this.#open(blobId);
    const { begin, end } = rangeOfQuery(query, blob.geometry.blobBytes);
    const headers = contentHeaders(request, `${blobId}-${begin}-${end - begin}`);
    return content(200, headers, await this.#reader.range(blob, begin, end));
  }

  async #patch(request: Request, asked: Extract<Asked, { kind: 'patch' }>): Promise<Response> {
    const blob = await this.#open(asked.blobId);
    return patchReply(request, asked.blobId, await readPatch(this.#reader, blob, asked.place));
  }

  async #identifier(
    request: Request,
    { blobId, identifier }: Extract<Asked, { kind: 'identifier' }>,
  ): Promise<Response> {
    const blob = await this.#open(blobId);
    const index = await readIndex(this.#reader, blob);
    const entry = index.find((each) => each.identifier === identifier);
    if (entry === undefined) throw new AggregatorError('QUILT_PATCH_NOT_FOUND');
    return patchReply(request, blobId, await readPatch(this.#reader, blob, entry));
  }

  async #patches(blobId: string): Promise<Response> {
    const index = await readIndex(this.#reader, await this.#open(blobId));
    const id = parseBlobId(blobId);
    const list = index.map(({ identifier, tags, ...place }) => {
      return { identifier, patch_id: formatPatchId(id, place), tags };
    });
    return jsonReply(200, list);
  }

  async #concat(request: Request, queried: readonly string[]): Promise<Response> {
    const ids = request.method === 'POST' ? await idsOf(request) : queried;
    const blobs: OpenBlob[] = [];
    let length = 0;
    for (const id of ids) {
      const object = id.startsWith('0x') ? this.#doors.blobObject(objectIdOf(id)) : undefined;
      if (id.startsWith('0x') && object === undefined) throw new AggregatorError('BLOB_NOT_FOUND');
      const blob = await this.#open(object?.blobId ?? blobIdOf(id));
      length += blob.geometry.blobBytes;
      if (length > this.#settings.maxBytes) throw new AggregatorError('BLOB_TOO_LARGE');
      blobs.push(blob);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const blob of blobs) {
      bytes.set(await this.#reader.whole(blob), at);
      at += blob.geometry.blobBytes;
    }
    return content(200, new Headers(), bytes);
  }
}

async function idsOf(request: Request): Promise<readonly string[]> {
  const body = new TextDecoder().decode(await readBody(request, MAX_CONCAT_BODY));
  try {
    const { ids } = JSON.parse(body);
    if (Array.isArray(ids) && ids.every((id) => typeof id === 'string')) return ids;
  } catch {
    // told below
  }
  throw new FrameworkError(400, 'Failed to parse the request body as JSON');
}

function patchReply(request: Request, quiltId: string, { identifier, tags, data }: Patch) {
  const headers = contentHeaders(request, quiltId, Object.entries(tags));
  headers.set('x-quilt-patch-identifier', encodeURIComponent(identifier));
  return content(200, headers, data);
}

function streamOf(
  pieces: AsyncGenerator<Uint8Array, void>,
  first: IteratorResult<Uint8Array, void>,
): ReadableStream<Uint8Array> {
  let next: Promise<typeof first> | undefined = Promise.resolve(first);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await (next ?? pieces.next());
        next = undefined;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => void (await pieces.return()),
    },
    { highWaterMark: 0 },
  );
}

function content(status: number, headers: Headers, bytes: Uint8Array): Response {
  headers.set('content-length', String(bytes.length));
  return new Response(bytes as Uint8Array<ArrayBuffer>, { status, headers });
}
