import type { ChainClient } from '../chain/chain-client.ts';
import type { WalrusFetch, WalrusFetchInit } from '../flows/read/walrus-fetch.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { disposition, ISOLATION, nameIn } from './headers.ts';
import type { Told } from './messages-in.ts';
import type { NetworkMemory } from './network-memory.ts';
import { type Problem, refusal } from './refusal.ts';
import type { BlobRoute } from './router.ts';
import type { Talk } from './talk.ts';
import { watched } from './watched.ts';

/** What reads from one network. */
export interface NetworkReader {
  readonly fetch: Pick<WalrusFetch, 'fetch'>;
  readonly chain: Pick<ChainClient, 'network' | 'blob' | 'attributes'>;
}

export interface BlobAnswersOptions {
  readonly memory: NetworkMemory;
  readonly talk: Talk;
  /** where the app lies */
  readonly root: URL;
  openReader(network: Told['network']): NetworkReader;
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
  readonly #objects = new Map<string, Promise<Named>>();
  #opened: { readonly told: Told; readonly reader: NetworkReader } | undefined;

  constructor(options: BlobAnswersOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async answer(request: Request, route: BlobRoute): Promise<Response> {
    const refuse = (problem: Problem) => {
      const { method, destination } = request;
      return refusal(problem, { method, destination, root: this.#options.root });
    };
    let blobId = 'blobId' in route.id ? route.id.blobId : undefined;
    try {
      const told = await this.#options.memory.now();
      if (told === undefined) return await refuse({ why: 'network' });
      const reader = this.#readerFor(told);
      const named = await this.#named(reader, route, request.signal);
      blobId = named.blobId;
      const given = await reader.fetch.fetch(`walrus:${blobId}`, {
        ...this.#init(reader, told, request, blobId),
        ...(named.type === undefined ? {} : { contentType: named.type }),
      });
      if (given.status === 404) throw new HauloutError('blob-unknown', { blobId });
      if (given.status === 451) throw new HauloutError('blob-blocked', { blobId });
      return this.#dressed(given, route, named);
    } catch (error) {
      this.#failed(blobId, error);
      return refuse({ error });
    }
  }

  /** Begins anew for another network; what is being answered goes on as it began. */
  #readerFor(told: Told): NetworkReader {
    if (this.#opened?.told !== told) {
      this.#objects.clear();
      this.#opened = { told, reader: this.#options.openReader(told.network) };
    }
    return this.#opened.reader;
  }

  #init(
    { chain }: NetworkReader,
    { aggregators = [chain.network.aggregatorUrl ?? ''] }: Told,
    { method, headers, signal }: Request,
    blobId: string,
  ): WalrusFetchInit {
    return {
      ...{ method, headers, signal },
      sources: aggregators.filter((url) => url !== '').map((aggregator) => ({ aggregator })),
      ...(headers.has('range') ? { readAhead: ROWS_AHEAD } : {}),
      onRow: (news) => this.#options.talk.row(blobId, news),
    };
  }

  async #named(
    { chain }: NetworkReader,
    { id, type, download }: BlobRoute,
    signal: AbortSignal,
  ): Promise<Named> {
    const found = 'blobId' in id ? id : await this.#object(chain, id.objectId);
    signal.throwIfAborted();
    return { ...found, ...(type ? { type } : {}), ...(download ? { name: download } : {}) };
  }

  #object(chain: NetworkReader['chain'], objectId: string): Promise<Named> {
    const known = this.#objects.get(objectId);
    if (known !== undefined) return known;
    const found = resolved(chain, objectId);
    this.#objects.set(objectId, found);
    const forget = () => {
      if (this.#objects.get(objectId) === found) this.#objects.delete(objectId);
    };
    found.then(({ isWhole }) => isWhole || forget(), forget);
    const [oldest = ''] = this.#objects.keys();
    if (this.#objects.size > KNOWN_OBJECTS) this.#objects.delete(oldest);
    return found;
  }

  #dressed({ body, status, headers: given }: Response, route: BlobRoute, named: Named): Response {
    const headers = new Headers({ ...Object.fromEntries(given), ...ISOLATION });
    const type = given.get('content-type');
    if (type !== null) {
      const isWanted = route.download !== undefined;
      headers.set('content-disposition', disposition(type, { name: named.name, isWanted }));
    }
    // Which blob an object stands for never changes; what it is said to be may.
    if ('objectId' in route.id) headers.set('cache-control', 'no-cache');
    const tell = (error: unknown) => this.#failed(named.blobId, error);
    return new Response(body && watched(body, tell), { status, headers });
  }

  #failed(blobId: string | undefined, error: unknown): void {
    if (blobId === undefined || !isHauloutError(error) || error.code === 'aborted') return;
    this.#options.talk.failed(blobId, error.code);
  }
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
