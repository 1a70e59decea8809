import type { NetworkInfo } from '../../chain/network-info.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { RowNews } from '../../transfer/read/read-types.ts';

/** The network that blobs are read from: a public one by its name, or the description of a local one. */
export type GatewayNetwork =
  | 'mainnet'
  | 'testnet'
  | (NetworkInfo & { readonly nodes?: readonly { readonly url: string }[] });

/** How addresses name a network. */
export type NetworkName = NetworkInfo['network'];

/**
 * What a page says to the service worker, by `postMessage`: that wakes it where the browser has stopped it.
 *
 * `network`: from where blobs are read whose address names none, kept until another is named; a local one cannot be
 * read before it was described so. `claim`: the page was loaded past the worker, and wants its answers from now on.
 */
export type ToGateway =
  | { readonly kind: 'network'; readonly network: GatewayNetwork }
  | { readonly kind: 'claim' };

/**
 * What the service worker says of an answer to the page that asked for it; to all of its pages where a frame, a download
 * or a new tab asked, which are nobody yet.
 *
 * `rows`: handed out, each when it is; a later one of the same index replaces an earlier one. `failed`: an answer could
 * not be given, or its body could not be finished.
 */
export type FromGateway = { readonly blobId: string } & Partial<Asker> &
  (
    | { readonly kind: 'rows'; readonly rows: readonly RowNews[] }
    | { readonly kind: 'failed'; readonly code: ErrorCode }
  );

/** For whom a frame or a download asks: it is nobody itself, and all pages hear of it. */
export interface Asker {
  /** a word that a page has drawn for itself */
  readonly asker: string;
}

export interface GatewayWish extends Partial<Asker> {
  /** the one that was told last if absent; two tabs may work on two */
  readonly network?: NetworkName;
  /** saved under that name instead of shown */
  readonly download?: string;
  /** what the blob is said to be; taken where it is on the closed list and the first bytes agree */
  readonly type?: string;
}

/**
 * Where the service worker answers for a blob.
 *
 * @param base URL of the folder that the app lies in, with a slash at the end
 * @param id a blob ID, or the ID of a blob object: `0x` and 64 hex digits
 */
export function gatewayUrl(
  base: string | URL,
  id: string,
  { network, download, type, asker }: GatewayWish = {},
): string {
  const url = new URL(`v1/blobs/${id.startsWith('0x') ? 'by-object-id/' : ''}${id}`, base);
  const query = { network, dl: download, type, for: asker };
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, value);
  }
  return url.href;
}
