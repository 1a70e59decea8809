import type { Axis } from '../protocol/axis.ts';
import { type AnswerFlaw, HauloutError } from '../protocol/errors.ts';
import type { Transport } from '../protocol/ports.ts';
import { type BlobStatus, readBlobStatus } from './blob-status.ts';
import {
  BYTES_TYPE,
  bytesOf,
  fieldOf,
  fromBase64,
  isType,
  JSON_LIMIT,
  jsonOf,
} from './exchange.ts';
import { askNode, dataOf } from './node-exchange.ts';

/** How a node took what was put: it had it, it has it now, or it keeps it until the registration. */
export type Taken = 'already' | 'stored' | 'buffered';

/** What a node says about something that was put. */
export type Stored = 'nonexistent' | 'buffered' | 'stored';

/** A signed message as a node sent it; nothing is verified yet. */
export interface SignedMessage {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SliverPlace {
  readonly pair: number;
  readonly axis: Axis;
}

export interface PutOptions {
  /** whether the node may keep it in memory until it hears of the registration */
  readonly pending: boolean;
  readonly idleMs: number;
}

/** Adds to the silence that is allowed while a node waits for a registration. */
const WAIT_SLACK_MS = 10_000;

/**
 * The API of one storage node, for one blob. All methods throw HauloutError: those of `Transport`, 'node-refused'
 * for any answer that is no success, and 'answer-unusable' for a success that says nothing.
 */
export class NodeClient {
  readonly #transport: Transport;
  readonly #host: string;
  readonly #blob: string;
  readonly #idleMs: number;

  /**
   * @param url of the node, without a slash at the end
   * @param idleMs longest silence of a node that has little to do for its answer
   */
  constructor(transport: Transport, url: string, blobId: string, idleMs: number) {
    this.#transport = transport;
    this.#host = new URL(url).host;
    this.#blob = `${url}/v1/blobs/${blobId}`;
    this.#idleMs = idleMs;
  }

  /** @param metadata BCS BlobMetadata, without the blob ID in front */
  putMetadata(metadata: Uint8Array, options: PutOptions, signal: AbortSignal): Promise<Taken> {
    return this.#put('metadata', metadata as Uint8Array<ArrayBuffer>, options, signal);
  }

  putSliver(
    { pair, axis }: SliverPlace,
    sliver: Uint8Array<ArrayBuffer> | Blob,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<Taken> {
    return this.#put(`slivers/${pair}/${axis}`, sliver, options, signal);
  }

  metadataStatus(signal: AbortSignal): Promise<Stored> {
    return this.#stored('metadata/status', signal);
  }

  sliverStatus({ pair, axis }: SliverPlace, signal: AbortSignal): Promise<Stored> {
    return this.#stored(`slivers/${pair}/${axis}/status`, signal);
  }

  /**
   * The node's word that it holds its slivers, as it sent it.
   *
   * @param objectId of a deletable blob
   * @param waitMs how long the node may wait for the registration
   */
  async confirmation(
    { objectId, waitMs }: { objectId: string | undefined; waitMs: number },
    signal: AbortSignal,
  ): Promise<SignedMessage> {
    const kind = objectId === undefined ? 'permanent' : `deletable/${objectId}`;
    const query = waitMs > 0 ? `?wait_for_registration=true&wait_millis=${waitMs}` : '';
    const idleMs = this.#idleMs + (waitMs > 0 ? waitMs + WAIT_SLACK_MS : 0);
    const data = await this.#json(`confirmation/${kind}${query}`, signal, idleMs);
    const signed = fieldOf(data, 'signed');
    const message = fromBase64(fieldOf(signed, 'serializedMessage'));
    const signature = fromBase64(fieldOf(signed, 'signature'));
    if (message === undefined || signature === undefined) throw this.#unusable('shape');
    return { message, signature };
  }

  async blobStatus(signal: AbortSignal): Promise<BlobStatus> {
    const status = readBlobStatus(await this.#json('status', signal));
    if (status === undefined) throw this.#unusable('shape');
    return status;
  }

  /** BCS BlobMetadataWithId, not verified. */
  metadata(maxBytes: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes('metadata', maxBytes, signal);
  }

  /** BCS SliverData, not verified. */
  sliver(
    { pair, axis }: SliverPlace,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes(`slivers/${pair}/${axis}`, maxBytes, signal);
  }

  /** BCS vector of GeneralRecoverySymbol: all that the node can give towards one sliver. Not verified. */
  recoverySymbols(
    { axis, sliverIndex }: { readonly axis: Axis; readonly sliverIndex: number },
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const query = `targetSliver=${sliverIndex}&targetType=${axis}`;
    return this.#bytes(`recoverySymbols?${query}`, maxBytes, signal);
  }

  async #put(
    path: string,
    body: Uint8Array<ArrayBuffer> | Blob,
    { pending, idleMs }: PutOptions,
    signal: AbortSignal,
  ): Promise<Taken> {
    const url = `${this.#blob}/${path}${pending ? '?pending=true' : ''}`;
    const headers = { 'content-type': BYTES_TYPE };
    const limits = { idleMs, maxBytes: JSON_LIMIT };
    const response = await askNode(
      this.#transport,
      { url, method: 'PUT', body, headers },
      limits,
      signal,
    );
    // A page that stands in between says 200 too; the node says it in JSON.
    await jsonOf(response, this.#host);
    if (response.status === 202) return 'buffered';
    return response.status === 201 ? 'stored' : 'already';
  }

  async #stored(path: string, signal: AbortSignal): Promise<Stored> {
    const data = await this.#json(path, signal);
    if (data === 'nonexistent' || data === 'buffered' || data === 'stored') return data;
    throw this.#unusable('shape');
  }

  async #json(path: string, signal: AbortSignal, idleMs = this.#idleMs): Promise<unknown> {
    const url = `${this.#blob}/${path}`;
    const limits = { idleMs, maxBytes: JSON_LIMIT };
    const response = await askNode(this.#transport, { url, method: 'GET' }, limits, signal);
    return dataOf(response, this.#host);
  }

  async #bytes(path: string, maxBytes: number, signal: AbortSignal) {
    const url = `${this.#blob}/${path}`;
    const limits = { idleMs: this.#idleMs, maxBytes: Math.max(maxBytes, JSON_LIMIT) };
    const headers = { accept: BYTES_TYPE };
    const response = await askNode(
      this.#transport,
      { url, method: 'GET', headers },
      limits,
      signal,
    );
    if (!isType(response, BYTES_TYPE)) {
      await response.body?.cancel();
      throw this.#unusable('not-bytes');
    }
    const bytes = await bytesOf(response);
    if (bytes.length > maxBytes) throw this.#unusable('too-long');
    return bytes;
  }

  #unusable(reason: AnswerFlaw): HauloutError {
    return new HauloutError('answer-unusable', { host: this.#host, reason });
  }
}
