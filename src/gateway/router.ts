import type { Asker, NetworkName } from '../flows/read/gateway-talk.ts';
import { findBlobId } from '../protocol/blob-id.ts';

/** What the router looks at. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly mode: string;
  readonly destination: string;
}

/** How a request is answered; `host`: not by the worker. */
export type Route =
  | { readonly kind: 'host' | 'page' | 'asset' | 'file' }
  | { readonly kind: 'refused'; readonly why: RefusedWhy }
  | BlobRoute;

export type RefusedWhy = 'destination' | 'method' | 'address';

export interface BlobRoute extends Partial<Asker> {
  readonly kind: 'blob';
  readonly id: { readonly blobId: string } | { readonly objectId: string };
  /** the name under which it is saved instead of shown; empty for none */
  readonly download?: string;
  /** what the blob is said to be */
  readonly type?: string;
  /** from where it is read */
  readonly network?: NetworkName;
}

/**
 * Those that show, play or hand over bytes. Scripts, workers, styles, fonts, manifests and plug-ins are none: what is
 * loaded as one of these acts with the rights of the page, which may hold a wallet.
 */
const DESTINATIONS = new Set(['', 'image', 'video', 'audio', 'document', 'iframe']);

const NETWORKS: Readonly<Record<NetworkName, true>> = {
  mainnet: true,
  testnet: true,
  localnet: true,
};

const ASKER = /^[0-9a-f-]{1,36}$/;
const BLOB = /^blobs\/([A-Za-z0-9_-]{43})$/;
const OBJECT = /^blobs\/by-object-id\/(0x[0-9a-fA-F]{1,64})$/;

/**
 * Who answers a request. Everything below `v1/` is for blobs: what is not understood there is refused and never asked
 * of the host, whose bytes nobody would verify.
 *
 * @param root where the app lies
 */
export function routeOf({ method, url, mode, destination }: Asked, root: URL): Route {
  const { origin, pathname, searchParams } = new URL(url);
  if (origin !== root.origin || !pathname.startsWith(root.pathname)) return { kind: 'host' };
  const path = pathname.slice(root.pathname.length);
  if (path === 'v1' || path.startsWith('v1/')) {
    if (!DESTINATIONS.has(destination)) return { kind: 'refused', why: 'destination' };
    if (method !== 'GET' && method !== 'HEAD') return { kind: 'refused', why: 'method' };
    return blobRoute(path.slice('v1/'.length), searchParams);
  }
  if (method !== 'GET') return { kind: 'host' };
  if (mode === 'navigate') return { kind: 'page' };
  return { kind: path.startsWith('assets/') ? 'asset' : 'file' };
}

function blobRoute(path: string, query: URLSearchParams): Route {
  const id = idIn(path);
  if (id === undefined) return { kind: 'refused', why: 'address' };
  const download = query.get('dl');
  const type = query.get('type');
  const network = query.get('network');
  const asker = query.get('for') ?? '';
  if (network !== null && !isNetworkName(network)) return { kind: 'refused', why: 'address' };
  return {
    ...{ kind: 'blob', id },
    ...(download === null ? {} : { download }),
    ...(type === null ? {} : { type }),
    ...(network === null ? {} : { network }),
    ...(ASKER.test(asker) ? { asker } : {}),
  };
}

function isNetworkName(text: string): text is NetworkName {
  return Object.hasOwn(NETWORKS, text);
}

function idIn(path: string): BlobRoute['id'] | undefined {
  const [, objectId] = OBJECT.exec(path) ?? [];
  if (objectId !== undefined) return { objectId };
  const blobId = findBlobId(BLOB.exec(path)?.[1] ?? '');
  return blobId === undefined ? undefined : { blobId };
}
