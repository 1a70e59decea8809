import { parseBlobId } from '../../protocol/blob-id.ts';
import type { Certificate } from '../../protocol/certificate.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports.ts';
import { ByteBudget } from '../byte-budget.ts';
import type { ChainPort, ChainTransaction } from '../chain-port.ts';
import type { Codec } from '../codec.ts';
import { readBody } from '../node/body.ts';
import { toBase64 } from '../node/confirmation.ts';
import { FrameworkError } from '../node/errors.ts';
import { jsonReply, textReply } from '../node/reply.ts';
import { checkPayment } from './check-payment.ts';
import { DEFAULT_DISTRIBUTE, type DistributeSettings, distribute } from './distribute.ts';
import type { Send } from './node-upload.ts';
import { RelayError } from './relay-error.ts';
import { type Tip, tipJson } from './tip.ts';
import { readUploadQuery, type UploadQuery } from './upload-query.ts';

export interface RelaySettings {
  readonly tip: Tip;
  /** longest body */
  readonly maxBytes: number;
  /** a payment may be so old, or by its clock so young, in ms */
  readonly oldestMs: number;
  readonly youngestMs: number;
  /** how long a payment may take to become known, in ms */
  readonly finalityMs: number;
  readonly distribute: DistributeSettings;
}

export const DEFAULT_RELAY: RelaySettings = {
  tip: 'none',
  maxBytes: 1 << 30,
  oldestMs: 3_600_000,
  youngestMs: 30_000,
  finalityMs: 5_000,
  distribute: DEFAULT_DISTRIBUTE,
};

export interface RelayDoors {
  readonly port: ChainPort;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly send: Send;
  /** the chain's time, in ms since 1970 */
  now(): number;
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': '*',
  'access-control-max-age': '86400',
};
const POLL_MS = 100;

/** An upload relay: takes a blob, encodes it, brings it to the nodes and gives their certificate. */
export class UploadRelay {
  readonly #doors: RelayDoors;
  readonly #settings: RelaySettings;
  readonly #room: ByteBudget;

  constructor(doors: RelayDoors, settings: RelaySettings) {
    this.#doors = doors;
    this.#settings = settings;
    this.#room = new ByteBudget(settings.maxBytes);
  }

  /** Answers a request. Never rejects. */
  async handle(request: Request): Promise<Response> {
    const response = await this.#route(request).catch((error) => {
      if (error instanceof RelayError || error instanceof FrameworkError) {
        return textReply(error.httpStatus, error.message);
      }
      return textReply(500, 'internal client error');
    });
    for (const [name, value] of Object.entries(CORS)) response.headers.set(name, value);
    if (request.method !== 'HEAD') return response;
    await response.body?.cancel();
    return new Response(null, { status: response.status, headers: response.headers });
  }

  #route(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const { method } = request;
    if (method === 'OPTIONS') return Promise.resolve(textReply(200, ''));
    const routes: Record<string, Record<string, () => Promise<Response>>> = {
      '/v1/tip-config': { GET: async () => jsonReply(200, tipJson(this.#settings.tip)) },
      '/v1/api': {
        GET: async () => textReply(200, 'POST /v1/blob-upload-relay, GET /v1/tip-config'),
      },
      '/v1/blob-upload-relay': { POST: () => this.#upload(request, searchParams) },
    };
    const route = routes[pathname];
    if (route === undefined) return Promise.resolve(textReply(404, ''));
    const handler = route[method === 'HEAD' ? 'GET' : method];
    if (handler !== undefined) return handler();
    const response = textReply(405, '');
    response.headers.set('allow', Object.keys(route).join(','));
    return Promise.resolve(response);
  }

  async #upload(request: Request, searchParams: URLSearchParams): Promise<Response> {
    const { port } = this.#doors;
    const { tip, maxBytes, oldestMs, youngestMs } = this.#settings;
    const query = readUploadQuery(searchParams);
    const { shardCount } = port.state();
    const payment = tip === 'none' ? undefined : await this.#payment(query);
    const blob = await readBody(request, maxBytes);
    if (payment !== undefined && tip !== 'none') {
      const rules = { tip, shardCount, oldestMs, youngestMs };
      checkPayment(payment, blob, this.#doors.now(), rules);
    }
    // Blobs that are encoded and sent at the same time are together no larger than the largest one.
    const giveBack = await this.#room.take(blob.length);
    try {
      return await this.#store(query, blob);
    } finally {
      giveBack();
    }
  }

  async #store(query: UploadQuery, blob: Uint8Array): Promise<Response> {
    const { port, codec } = this.#doors;
    const { shardCount } = port.state();
    const encoded = await codec.encode(blob, shardCount).catch((cause) => {
      if (!isHauloutError(cause, 'blob-too-large')) throw cause;
      throw new RelayError(400, 'the blob is too large to be encoded', { cause });
    });
    if (encoded.blobId !== query.blobId) {
      throw new RelayError(400, `the blob ID is ${encoded.blobId}, not ${query.blobId}`);
    }
    const { distribute: settings } = this.#settings;
    const certificate = await distribute(this.#doors, port, encoded, query.objectId, settings);
    if (certificate === undefined) throw new RelayError(500, 'internal client error');
    return jsonReply(200, uploadJson(query.blobId, certificate));
  }

  async #payment({ txId, nonce }: UploadQuery) {
    if (txId === undefined) throw new RelayError(400, 'missing field `tx_id`');
    if (nonce === undefined) throw new RelayError(400, 'missing field `nonce`');
    const transaction = await this.#transaction(txId);
    if (transaction === undefined) throw new RelayError(400, `there is no transaction ${txId}`);
    return { transaction, nonce };
  }

  /** A full node may know of a transaction a little later than its sender. */
  async #transaction(digest: string): Promise<ChainTransaction | undefined> {
    const { port, clock } = this.#doors;
    const end = clock.monotonic() + this.#settings.finalityMs;
    for (;;) {
      const found = port.transaction(digest);
      if (found !== undefined || clock.monotonic() >= end) return found;
      await clock.sleep(POLL_MS);
    }
  }
}

function uploadJson(blobId: string, { signers, message, signature }: Certificate): unknown {
  return {
    blob_id: [...parseBlobId(blobId)],
    confirmation_certificate: {
      signers,
      serialized_message: [...message],
      signature: toBase64(signature),
    },
  };
}
