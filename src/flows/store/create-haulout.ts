import type { ChainClient } from '../../chain/chain-client.ts';
import { createChainClient } from '../../chain/create-chain-client.ts';
import type { EndpointsOptions } from '../../chain/endpoints.ts';
import { type NetworkInfo, networkInfo } from '../../chain/network-info.ts';
import { createPageKey, openPageKey, type StoredPageKey } from '../../chain/page-key-door.ts';
import { fetchTransport } from '../../network/fetch-door.ts';
import { NodeClient } from '../../network/node-client.ts';
import { publicNodeUrl, publicTransport } from '../../network/public-hosts.ts';
import { relayTip, tipMist } from '../../network/relay-client.ts';
import type {
  Clock,
  DurableStore,
  Locks,
  Random,
  Transport,
  WalletPort,
} from '../../protocol/ports.ts';
import { freeStorageBytes, persistStorage } from '../../store/estimate-door.ts';
import { hasIndexedDb } from '../../store/idb-door.ts';
import { IndexedStore } from '../../store/indexed-store.ts';
import type { JournalStores } from '../../store/journal-facts.ts';
import { hasWebLocks, webLocks } from '../../store/locks-door.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { hasFileSystem, hasSyncAccess, roomFor } from '../../store/opfs-door.ts';
import { cacheBudget, READ_SHARE } from '../../store/persistence.ts';
import { processLocks } from '../../store/process-locks.ts';
import { type ReadStores, RowCache } from '../../store/row-cache.ts';
import { CACHE_SCHEMA, CLIENT_SCHEMA, READ_SCHEMA, type SetAside } from '../../store/schema.ts';
import { type CacheStores, SliverCache } from '../../store/sliver-cache.ts';
import { fileOfHandle, privateCopies } from '../../store/source-door.ts';
import { spillName } from '../../store/spill.ts';
import { Pace } from '../../transfer/pace.ts';
import { NodeHealth } from '../../transfer/read/node-health.ts';
import type { BlobVerifier, ReadDoors } from '../../transfer/read/read-types.ts';
import { uploadBlob } from '../../transfer/upload-blob.ts';
import { systemClock, systemRandom } from '../../workers/doors.ts';
import { createEncoder } from '../../workers/encoder.ts';
import { BlobReads } from '../read/blob-reads.ts';
import { readCommittees } from '../read/read-committees.ts';
import { WalrusFetch } from '../read/walrus-fetch.ts';
import { committeeSource } from './committee-source.ts';
import { Haulout } from './haulout.ts';
import { makePieces, type StoreEncoder } from './make-pieces.ts';
import type { PageKeys, RelayOffer, StorePorts } from './ports.ts';
import { makeSources, type StorageDoors } from './sources.ts';
import { storedElsewhere } from './stored-elsewhere.ts';

/** The outside, as far as a caller replaces it; what is absent is the real one. */
export interface HauloutPorts {
  readonly clock?: Clock;
  readonly random?: Random;
  /** HTTP to nodes and relay */
  readonly transport?: Transport;
  /** gRPC to full nodes, instead of connections to the URLs of the network */
  readonly rpc?: EndpointsOptions['transports'];
  readonly store?: DurableStore<JournalStores>;
  /** where slivers wait while they are sent */
  readonly slivers?: DurableStore<CacheStores>;
  /** where rows are kept that were read */
  readonly rows?: DurableStore<ReadStores>;
  /** room, private files and persistence, where a browser has them */
  readonly storage?: StorageDoors;
  readonly locks?: Locks;
  readonly pageKeys?: PageKeys;
  readonly encoder?: StoreEncoder;
  /** what checks and rebuilds what is read; the encoder does so where neither is given */
  readonly verifier?: BlobVerifier;
}

export interface HauloutOptions extends HauloutPorts {
  readonly network: 'mainnet' | 'testnet' | (NetworkInfo & NodeUrls);
  /** or a function, where the wallet is connected later */
  readonly wallet?: WalletPort | (() => WalletPort | undefined);
  /** URL of an upload relay; false for none; that of the network if absent */
  readonly relay?: string | false;
  /** for slivers of small blobs, between the quote and the nodes; 192 MiB if absent */
  readonly memoryBytes?: number;
  /** told of stored data that could not be read; it is kept */
  onSetAside?(what: SetAside): void;
}

/** A local network's nodes, whose addresses are not reached by https. */
export interface NodeUrls {
  readonly nodes?: readonly { readonly url: string }[];
}

const webPageKeys: PageKeys = {
  async create() {
    const kept = await createPageKey();
    return { key: openPageKey(kept), kept };
  },
  open: async (kept) => openPageKey(kept as StoredPageKey),
};

/** Makes a client. Nothing is asked or opened before its first call. */
export function createHaulout(options: HauloutOptions): Haulout {
  const doors = doorsOf(options);
  const encoder = once(createEncoder);
  const ports = portsOf(options, doors, options.encoder ?? encoder());
  const reads = once(() => readDoors(doors, options.rows, options.verifier ?? encoder()));
  return new Haulout(ports, new BlobReads(reads));
}

/** What reading alone takes. */
export interface Reader {
  readonly fetch: WalrusFetch;
  readonly chain: ChainClient;
}

/** Makes a client that only reads. Nothing is asked or opened before its first call. */
export function createReader(options: HauloutOptions): Reader {
  const doors = doorsOf(options);
  const verifier = () => options.verifier ?? createEncoder();
  const reads = new BlobReads(once(() => readDoors(doors, options.rows, verifier())));
  return { fetch: new WalrusFetch(reads), chain: doors.chain };
}

/** What storing and reading share. */
type SharedDoors = ReturnType<typeof doorsOf>;

function doorsOf(options: HauloutOptions) {
  const network = networkInfo(options.network);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const given = options.transport ?? fetchTransport(clock);
  const transport = isPublic(options.network) ? publicTransport(given) : given;
  const rpc = options.rpc ? { transports: options.rpc } : {};
  const chain = createChainClient({ network, clock, ...rpc });
  const committee = committeeSource(chain);
  const nodeUrl = nodeUrlOf(options.network);
  const storage = options.storage ?? browserStorage();
  const onSetAside = options.onSetAside ?? (() => undefined);
  return { network, clock, random, transport, chain, committee, nodeUrl, storage, onSetAside };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function readDoors(
  doors: SharedDoors,
  rows: HauloutPorts['rows'],
  verifier: BlobVerifier,
): ReadDoors {
  const { transport, clock, random, chain, committee, nodeUrl } = doors;
  return {
    ...{ transport, clock, random, nodeUrl, verifier, cache: rowCache(rows, doors) },
    committees: readCommittees(chain, committee),
    health: new NodeHealth(clock),
    pace: new Pace(clock),
  };
}

function portsOf(options: HauloutOptions, shared: SharedDoors, encoder: StoreEncoder): StorePorts {
  const { network, clock, random, transport, chain, committee, nodeUrl, storage, onSetAside } =
    shared;
  const doors = { transport, clock, random, nodeUrl, pace: new Pace(clock) };
  const { wallet, relay = network.relayUrl } = options;
  return {
    clock,
    random,
    chain,
    store: options.store ?? defaultStore(onSetAside),
    locks: options.locks ?? (hasWebLocks() ? webLocks : processLocks()),
    pageKeys: options.pageKeys ?? webPageKeys,
    pieces: makePieces({
      encoder,
      cache: sliverCache(options, shared),
      memoryBytes: options.memoryBytes,
    }),
    sources: makeSources(storage, clock),
    upload: (upload, signal) => uploadBlob(doors, upload, signal),
    relay: async (signal) => (relay ? relayOffer(transport, relay, signal) : undefined),
    status: async (blobId, signal) => {
      const clientOf = (address: string) =>
        new NodeClient(transport, nodeUrl(address), blobId, STATUS_IDLE_MS);
      return storedElsewhere(await committee(), clientOf, signal);
    },
    wallet: typeof wallet === 'function' ? wallet : () => wallet,
    onSetAside,
  };
}

const STATUS_IDLE_MS = 5_000;

/** Whether strangers run the nodes. */
function isPublic(network: HauloutOptions['network']): boolean {
  return networkInfo(network).network !== 'localnet';
}

function nodeUrlOf(network: HauloutOptions['network']): (address: string) => string {
  if (isPublic(network)) return publicNodeUrl;
  const urls = typeof network === 'string' ? [] : (network.nodes ?? []);
  const byHost = new Map(urls.map(({ url }) => [new URL(url).host, url]));
  return (address) => byHost.get(address) ?? `https://${address}`;
}

function browserStorage(): StorageDoors {
  return {
    freeBytes: freeStorageBytes,
    ...(hasSyncAccess()
      ? { roomFor: (bytes) => roomFor(bytes, spillName(systemClock.wall(), systemRandom)) }
      : {}),
    persist: persistStorage,
    copies: hasFileSystem() ? privateCopies : undefined,
    fileOf: (handle) => fileOfHandle(handle, true), // uploads are taken up by a click
  };
}

function defaultStore(onSetAside: (what: SetAside) => void): DurableStore<JournalStores> {
  return hasIndexedDb() ? new IndexedStore(CLIENT_SCHEMA, onSetAside) : new MemoryStore();
}

/** None in a process without a database: slivers that do not fit into memory are made again. */
function sliverCache(
  { slivers }: HauloutPorts,
  { storage, onSetAside }: SharedDoors,
): SliverCache | undefined {
  const store =
    slivers ??
    (hasIndexedDb() ? new IndexedStore<CacheStores>(CACHE_SCHEMA, onSetAside) : undefined);
  if (store === undefined) return undefined;
  const cache: SliverCache = new SliverCache({
    store,
    budgetBytes: () => cacheBudget(storage.freeBytes, () => cache.usedBytes()),
    roomFor: storage.roomFor,
  });
  return cache;
}

/** None in a process without a database: what is read twice is fetched twice. */
function rowCache(
  rows: HauloutPorts['rows'],
  { storage, onSetAside }: SharedDoors,
): RowCache | undefined {
  const store =
    rows ?? (hasIndexedDb() ? new IndexedStore<ReadStores>(READ_SCHEMA, onSetAside) : undefined);
  if (store === undefined) return undefined;
  const cache: RowCache = new RowCache({
    store,
    budgetBytes: () => cacheBudget(storage.freeBytes, () => cache.usedBytes(), READ_SHARE),
  });
  return cache;
}

async function relayOffer(
  transport: Transport,
  relay: string,
  signal: AbortSignal,
): Promise<RelayOffer | undefined> {
  try {
    const tip = await relayTip(transport, relay, signal);
    if (tip === 'none') return { relay };
    const mist = (encodedBytes: number) => tipMist(tip, encodedBytes);
    return { relay, tip: { address: tip.address, mist } };
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined; // nodes do without it
  }
}
