import { BYTES_TYPE } from '../../network/exchange.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { OpenBlob, ReadDoors } from './read-types.ts';

/** Somebody or something that may have the bytes of a whole blob. None is trusted. */
export type BlobSource =
  /** base URL of an aggregator, or of a cache before one */
  | { readonly aggregator: string }
  /** URL of the bytes themselves */
  | { readonly url: string }
  | { readonly file: Blob };

/** A source that says nothing for so long says nothing any more. */
const IDLE_MS = 3_000;

/** How a source is called in reports: host and port, or 'file'. */
export function sourceName(source: BlobSource): string {
  return 'file' in source ? 'file' : new URL(addressOf(source, '')).host;
}

/**
 * Checks that sources can be asked at all.
 *
 * @throws HauloutError 'argument-invalid'
 */
export function checkSources(sources: readonly BlobSource[]): void {
  for (const source of sources) {
    if ('file' in source) continue;
    const address = addressOf(source, '');
    if (/^https?:/i.test(address) && URL.canParse(address)) continue;
    throw new HauloutError('argument-invalid', { name: 'sources', reason: 'not an http address' });
  }
}

/** What a source answers. */
export interface SourceAnswer {
  /** from the byte on that was asked for */
  readonly bytes: ByteQueue;
  /** where they end: as asked for, or at the end of the blob */
  readonly end: number;
}

/**
 * Bytes `begin..end` of a blob as a source has them; there may come others behind. Both ends of a range are named, as
 * aggregators refuse any other. Who answers with the whole instead is read from its begin.
 *
 * @throws HauloutError of `Transport`; 'answer-unusable' for any other answer than bytes
 */
export async function openSource(
  { transport }: Pick<ReadDoors, 'transport'>,
  source: BlobSource,
  { blobId, geometry: { blobBytes } }: Pick<OpenBlob, 'blobId' | 'geometry'>,
  { begin, end }: { readonly begin: number; readonly end: number },
  signal: AbortSignal,
): Promise<SourceAnswer> {
  if ('file' in source)
    return { bytes: new ByteQueue(source.file.slice(begin, end).stream()), end };
  const url = addressOf(source, blobId);
  const isWhole = begin === 0 && end === blobBytes;
  const range = isWhole ? {} : { range: `bytes=${begin}-${end - 1}` };
  const request = { url, method: 'GET', headers: { accept: BYTES_TYPE, ...range } } as const;
  const response = await transport.send(request, { idleMs: IDLE_MS, maxBytes: blobBytes }, signal);
  const { host } = new URL(url);
  if (response.status !== 200 && response.status !== 206) {
    await response.body?.cancel();
    throw new HauloutError('node-refused', { host, status: response.status });
  }
  if (response.body === null) throw new HauloutError('answer-unusable', { host, reason: 'cut' });
  const bytes = new ByteQueue(response.body);
  if (response.status === 206) return { bytes, end };
  await bytes.skip(begin);
  return { bytes, end: blobBytes };
}

function addressOf(
  source: { readonly aggregator: string } | { readonly url: string },
  blobId: string,
): string {
  if ('url' in source) return source.url;
  return `${source.aggregator.replace(/\/+$/, '')}/v1/blobs/${blobId}`;
}

/** Takes exact numbers of bytes from a stream. */
export class ByteQueue {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** Fills `into`. @returns whether there were enough bytes */
  async fill(into: Uint8Array): Promise<boolean> {
    for (let at = 0; at < into.length; ) {
      if (!(await this.#more())) return false;
      const part = this.#rest.subarray(0, into.length - at);
      into.set(part, at);
      this.#rest = this.#rest.subarray(part.length);
      at += part.length;
    }
    return true;
  }

  /** @returns whether there were so many */
  async skip(bytes: number): Promise<boolean> {
    for (let left = bytes; left > 0; ) {
      if (!(await this.#more())) return false;
      const count = Math.min(left, this.#rest.length);
      this.#rest = this.#rest.subarray(count);
      left -= count;
    }
    return true;
  }

  cancel(): void {
    this.#reader.cancel().catch(() => undefined);
  }

  async #more(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#reader.read();
      if (done) return false;
      this.#rest = value;
    }
    return true;
  }
}
