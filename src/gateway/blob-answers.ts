import type { ChainClient } from '../chain/chain-client.ts';
import type { FromGateway, GatewayNetwork } from '../flows/read/gateway-talk.ts';
import type { WalrusFetch, WalrusFetchInit } from '../flows/read/walrus-fetch.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { disposition, ISOLATION, nameIn } from './headers.ts';
import type { NetworkMemory } from './network-memory.ts';
import { type Problem, refusal } from './refusal.ts';
import type { BlobRoute } from './router.ts';
import { watched } from './watched.ts';

/** What reads from one network. */
export interface NetworkReader {
  readonly fetch: Pick<WalrusFetch, 'fetch'>;
  readonly chain: Pick<ChainClient, 'network' | 'blob' | 'attributes'>;
}

export interface BlobAnswersOptions {
  readonly memory: NetworkMemory;
  /** where the app lies */
  readonly root: URL;
  openReader(network: GatewayNetwork): NetworkReader;
}

/** What a page is told of its answer. */
export type Tell = (message: FromGateway) => void;

interface Opened {
  readonly network: GatewayNetwork;
  readonly reader: NetworkReader;
  /** what blob objects stand for */
  readonly objects: Map<string, Promise<Named>>;
}

/** A blob, and what those who stored it say of it, which is foreign text. */
interface Named {
  readonly blobId: string;
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  /** whether everything that is said was to be had */
  readonly isWhole?: boolean;
}

/** A part is played, and left as soon as the player seeks: so many rows are fetched before they are wanted. */
const ROWS_AHEAD = 2;
/** Blob objects whose blobs are known; a player asks often. */
const KNOWN_OBJECTS = 200;

/** Answers requests for blobs with verified bytes. */
export class BlobAnswers {
  readonly #options: BlobAnswersOptions;
  /** by the name of the network: tabs may work on several */
  readonly #opened = new Map<string, Opened>();

  constructor(options: BlobAnswersOptions) {
    this.#options = options;
  }

  /** Never rejects. @param tell who has asked */
  async answer(request: Request, route: BlobRoute, tell: Tell): Promise<Response> {
    const refuse = (problem: Problem) => {
      const { method, destination } = request;
      return refusal(problem, { method, destination, root: this.#options.root });
    };
    let blobId = 'blobId' in route.id ? route.id.blobId : undefined;
    const failed = (error: unknown) => {
      if (blobId === undefined || !isHauloutError(error) || error.code === 'aborted') return;
      tell({ kind: 'failed', blobId, code: error.code });
    };
    try {
      const network = await this.#options.memory.now(route.network);
      if (network === undefined) return await refuse({ why: 'network' });
      const opened = this.#open(network);
      const named = await this.#named(opened, route, request.signal);
      blobId = named.blobId;
      const given = await opened.reader.fetch.fetch(`walrus:${blobId}`, {
        ...initOf(request, route, opened.reader),
        ...(named.type === undefined ? {} : { contentType: named.type }),
        onRow: (news) => tell({ kind: 'rows', blobId: named.blobId, rows: [news] }),
      });
      if (given.status === 404) throw new HauloutError('blob-unknown', { blobId });
      if (given.status === 451) throw new HauloutError('blob-blocked', { blobId });
      return dressed(given, route, named, failed);
    } catch (error) {
      failed(error);
      return refuse({ error });
    }
  }

  /** Begins anew where a local network has become another; what is being answered goes on as it began. */
  #open(network: GatewayNetwork): Opened {
    const name = typeof network === 'string' ? network : network.network;
    const known = this.#opened.get(name);
    if (known?.network === network) return known;
    const reader = this.#options.openReader(network);
    const opened: Opened = { network, reader, objects: new Map() };
    this.#opened.set(name, opened);
    return opened;
  }

  async #named(
    opened: Opened,
    { id, type, download }: BlobRoute,
    signal: AbortSignal,
  ): Promise<Named> {
    const found = 'blobId' in id ? id : await this.#object(opened, id.objectId);
    signal.throwIfAborted();
    return { ...found, ...(type ? { type } : {}), ...(download ? { name: download } : {}) };
  }

  #object({ reader, objects }: Opened, objectId: string): Promise<Named> {
    const known = objects.get(objectId);
    if (known !== undefined) return known;
    const found = resolved(reader.chain, objectId);
    objects.set(objectId, found);
    const forget = () => {
      if (objects.get(objectId) === found) objects.delete(objectId);
    };
    found.then(({ isWhole }) => isWhole || forget(), forget);
    const [oldest = ''] = objects.keys();
    if (objects.size > KNOWN_OBJECTS) objects.delete(oldest);
    return found;
  }
}

function initOf(
  { method, headers: asked, signal }: Request,
  { id }: BlobRoute,
  { chain }: NetworkReader,
): WalrusFetchInit {
  const { aggregatorUrl } = chain.network;
  const headers = new Headers(asked);
  // What an object is said to be may change while its bytes, which the tag names, stay the same.
  if ('objectId' in id) headers.delete('if-none-match');
  return {
    ...{ method, headers, signal },
    sources: aggregatorUrl === undefined ? [] : [{ aggregator: aggregatorUrl }],
    ...(headers.has('range') ? { readAhead: ROWS_AHEAD } : {}),
  };
}

function dressed(
  { body, status, headers: given }: Response,
  route: BlobRoute,
  named: Named,
  failed: (error: unknown) => void,
): Response {
  const headers = new Headers({ ...Object.fromEntries(given), ...ISOLATION });
  const type = given.get('content-type');
  if (type !== null) {
    const isWanted = route.download !== undefined;
    headers.set('content-disposition', disposition(type, { name: named.name, isWanted }));
  }
  // Which blob an object stands for never changes; what it is said to be may.
  if ('objectId' in route.id) headers.set('cache-control', 'no-cache');
  return new Response(body && watched(body, failed), { status, headers });
}

/** The blob that an object stands for. @throws HauloutError 'blob-unknown', 'chain-unavailable' */
async function resolved(chain: NetworkReader['chain'], objectId: string): Promise<Named> {
  const object = await chain.blob(objectId);
  if (object === undefined) throw new HauloutError('blob-unknown', { blobId: objectId });
  // Who says what it is, is not needed to show it.
  const attributes = await chain.attributes(objectId).catch(() => undefined);
  const told = new Map(attributes ?? []);
  return {
    blobId: object.blobId,
    isWhole: attributes !== undefined,
    type: told.get('content-type'),
    name: nameIn(told.get('content-disposition') ?? ''),
  };
}
