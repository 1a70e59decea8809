import type { SuiClientTypes } from '@mysten/sui/client';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { deriveDynamicFieldID, normalizeStructTag, normalizeSuiAddress } from '@mysten/sui/utils';
import { blobIdFromInteger, formatBlobId } from '../protocol/blob-id.ts';
import type {
  Balances,
  ExchangeOffer,
  Holdings,
  OwnedBlob,
  OwnedCoin,
  OwnedStorage,
  Packages,
} from './chain-client.ts';
import { type Endpoints, unavailable, type Work } from './endpoints.ts';
import { Bytes, Coin, Field } from './layouts/base.ts';
import { Blob, Metadata, Storage } from './layouts/blob.ts';
import { Exchange as ExchangeLayout } from './layouts/exchange.ts';
import { SUI_TYPE } from './network-info.ts';
import { parseObject } from './parse-object.ts';
import type { ObjectRef } from './plan.ts';

const METADATA_NAME = Bytes.serialize(new TextEncoder().encode('metadata')).toBytes();
const MetadataField = Field(Bytes, Metadata);

type SuiObject = SuiClientTypes.Object<{ content: true }>;
type Signal = AbortSignal | undefined;

/** What addresses own. Nothing is kept: it changes with every transaction. */
export class OwnedObjects {
  readonly #endpoints: Endpoints;
  readonly #packages: (signal: Signal) => Promise<Packages>;
  readonly #walType: string;

  constructor(
    endpoints: Endpoints,
    walType: string,
    packages: (signal: Signal) => Promise<Packages>,
  ) {
    this.#endpoints = endpoints;
    this.#walType = walType;
    this.#packages = packages;
  }

  async balances(owner: string, signal: Signal): Promise<Balances> {
    const all = await this.#pages(async ({ core }, cursor, inner) => {
      const { balances, ...page } = await core.listBalances({ owner, cursor, signal: inner });
      return { items: balances, ...page };
    }, signal);
    const walType = normalizeStructTag(this.#walType);
    const amounts = new Map(
      all.map(({ coinType, balance }) => [normalizeStructTag(coinType), BigInt(balance)]),
    );
    return {
      suiMist: amounts.get(SUI_TYPE) ?? 0n,
      walFrost: amounts.get(walType) ?? 0n,
      foreignWal: [...amounts.keys()].filter(
        (type) => /::wal::WAL$/.test(type) && type !== walType,
      ),
    };
  }

  /** Largest first. */
  async coins(owner: string, coin: 'sui' | 'wal', signal: Signal): Promise<OwnedCoin[]> {
    const coinType = coin === 'sui' ? SUI_TYPE : this.#walType;
    const found = await this.#pages(async ({ core }, cursor, inner) => {
      const page = await core.listCoins({ owner, coinType, cursor, signal: inner });
      return { items: page.objects, ...page };
    }, signal);
    return found
      .map((object) => ({ ref: refOf(object), amount: BigInt(object.balance) }))
      .sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
  }

  async blobs(owner: string, signal: Signal): Promise<OwnedBlob[]> {
    const { originalId } = await this.#packages(signal);
    return (await this.#list(owner, `${originalId}::blob::Blob`, signal)).map(blobOf);
  }

  async storages(owner: string, signal: Signal): Promise<OwnedStorage[]> {
    const { originalId } = await this.#packages(signal);
    const found = await this.#list(owner, `${originalId}::storage_resource::Storage`, signal);
    return found.map((object) => {
      const { storage_size, start_epoch, end_epoch } = parseObject(Storage, object.content);
      return {
        ref: refOf(object),
        bytes: Number(storage_size),
        startEpoch: start_epoch,
        endEpoch: end_epoch,
      };
    });
  }

  /**
   * Everything at an address, as any endpoint knows it, each object in its newest version.
   *
   * @throws HauloutError 'chain-unavailable' if nothing was found and not all have answered
   */
  async holdings(owner: string, signal: Signal): Promise<Holdings> {
    const { originalId } = await this.#packages(signal);
    const blobType = normalizeStructTag(`${originalId}::blob::Blob`);
    const coinType = normalizeStructTag(`0x2::coin::Coin<${SUI_TYPE}>`);
    const blobs: OwnedBlob[] = [];
    const suiCoins: OwnedCoin[] = [];
    const others: { ref: ObjectRef; type: string }[] = [];
    const read: Work<SuiObject[]> = (client, inner) =>
      pagesOf(client, listing(owner, undefined), inner);
    for (const object of await this.#newest(read, signal)) {
      const type = normalizeStructTag(object.type);
      const ref = refOf(object);
      if (type === blobType) blobs.push(blobOf(object));
      else if (type !== coinType) others.push({ ref, type });
      else suiCoins.push({ ref, amount: parseObject(Coin, object.content).balance.value });
    }
    return { blobs, suiCoins, others };
  }

  /**
   * Objects as any endpoint knows them, each in its newest version.
   *
   * @throws HauloutError 'chain-unavailable' if there are none and not all have answered
   */
  async #newest(read: Work<readonly SuiObject[]>, signal: Signal): Promise<readonly SuiObject[]> {
    if (this.#endpoints.count === 1) return this.#endpoints.first(read, signal);
    const answers = await this.#endpoints.all(read, signal);
    const newest = new Map<string, SuiObject>();
    for (const answer of answers) {
      for (const object of answer.status === 'fulfilled' ? answer.value : []) {
        const known = newest.get(object.objectId);
        if (known && BigInt(known.version) >= BigInt(object.version)) continue;
        newest.set(object.objectId, object);
      }
    }
    if (newest.size === 0 && answers.some(({ status }) => status === 'rejected')) {
      throw unavailable('not every full node answers');
    }
    return [...newest.values()];
  }

  /** undefined only if every endpoint says that it does not exist, or that it is something else */
  async blob(objectId: string, signal: Signal): Promise<OwnedBlob | undefined> {
    const read: Work<SuiObject[]> = async (client, inner) =>
      (await objectsOf(client, [objectId], inner)).flatMap((object) => object ?? []);
    const [object] = await this.#newest(read, signal);
    if (object === undefined) return undefined;
    const { originalId } = await this.#packages(signal);
    const blobType = normalizeStructTag(`${originalId}::blob::Blob`);
    return normalizeStructTag(object.type) === blobType ? blobOf(object) : undefined;
  }

  async attributes(blobObjectId: string, signal: Signal) {
    const fieldId = deriveDynamicFieldID(blobObjectId, 'vector<u8>', METADATA_NAME);
    const [field] = await this.objects([fieldId], signal);
    if (field === undefined) return [];
    const { contents } = parseObject(MetadataField, field.content).value.metadata;
    return contents.map(({ key, value }) => [key, value] as const);
  }

  async exchange(objectId: string, signal: Signal): Promise<ExchangeOffer | undefined> {
    const [object] = await this.objects([objectId], signal);
    if (object?.owner.$kind !== 'Shared') return undefined;
    const { rate } = parseObject(ExchangeLayout, object.content);
    return {
      objectId,
      packageId: object.type.split('::')[0] ?? '',
      initialSharedVersion: object.owner.Shared.initialSharedVersion,
      rate: { walFrost: rate.wal, suiMist: rate.sui },
    };
  }

  objects(objectIds: readonly string[], signal: Signal): Promise<(SuiObject | undefined)[]> {
    return this.#endpoints.first((client, inner) => objectsOf(client, objectIds, inner), signal);
  }

  #list(owner: string, type: string | undefined, signal: Signal): Promise<SuiObject[]> {
    return this.#pages(listing(owner, type), signal);
  }

  #pages<T>(page: ReadPage<T>, signal: Signal): Promise<T[]> {
    return this.#endpoints.first((client, inner) => pagesOf(client, page, inner), signal);
  }
}

/** Objects by ID; undefined for those that do not exist. */
async function objectsOf(
  { core }: SuiGrpcClient,
  objectIds: readonly string[],
  signal: AbortSignal,
): Promise<(SuiObject | undefined)[]> {
  const include = { content: true } as const;
  const { objects } = await core.getObjects({ objectIds: [...objectIds], include, signal });
  return objects.map((object) => {
    if (!(object instanceof Error)) return object;
    const { reason } = object as { reason?: string };
    if (reason === 'notFound' || reason === 'deleted') return undefined;
    throw unavailable(object);
  });
}

type ReadPage<T> = (
  client: SuiGrpcClient,
  cursor: string | null,
  signal: AbortSignal,
) => Promise<{ items: readonly T[]; hasNextPage: boolean; cursor: string | null }>;

/** All pages of a list, from one endpoint. */
async function pagesOf<T>(client: SuiGrpcClient, page: ReadPage<T>, signal: AbortSignal) {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let more = true; more; ) {
    const { items, hasNextPage, cursor: next } = await page(client, cursor, signal);
    all.push(...items);
    cursor = next;
    more = hasNextPage && next !== null;
  }
  return all;
}

function listing(owner: string, type: string | undefined): ReadPage<SuiObject> {
  return async ({ core }, cursor, signal) => {
    const { objects: items, ...page } = await core.listOwnedObjects({
      ...{ owner, cursor, include: { content: true }, signal },
      ...(type !== undefined && { type }),
    });
    return { items, ...page };
  };
}

export function refOf(object: { objectId: string; version: string; digest: string }): ObjectRef {
  const { objectId, version, digest } = object;
  return { objectId: normalizeSuiAddress(objectId), version, digest };
}

export function blobOf(object: SuiObject): OwnedBlob {
  const blob = parseObject(Blob, object.content);
  return {
    ref: refOf(object),
    owner: object.owner.AddressOwner ?? '',
    blobId: formatBlobId(blobIdFromInteger(blob.blob_id)),
    unencodedBytes: Number(blob.size),
    encodedBytes: Number(blob.storage.storage_size),
    registeredEpoch: blob.registered_epoch,
    ...(blob.certified_epoch !== null && { certifiedEpoch: blob.certified_epoch }),
    endEpoch: blob.storage.end_epoch,
    deletable: blob.deletable,
  };
}
