import type { NetworkInfo } from '../../chain/network-info.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { RowNews } from '../../transfer/read/read-types.ts';

/** The network that blobs are read from: a public one by its name, or the description of a local one. */
export type GatewayNetwork =
  | 'mainnet'
  | 'testnet'
  | (NetworkInfo & { readonly nodes?: readonly { readonly url: string }[] });

/**
 * What a page says to the service worker, by `postMessage`: that wakes it where the browser has stopped it.
 *
 * `network`: from where blobs are read from now on, kept until another is named; `aggregators`: base URLs of who is
 * asked for bytes before nodes are, and is not trusted; that of the network if absent. `tell`: answered with `rows` of all that was handed out of that
 * blob since the worker was started.
 */
export type ToGateway =
  | {
      readonly kind: 'network';
      readonly network: GatewayNetwork;
      readonly aggregators?: readonly string[];
    }
  | { readonly kind: 'tell'; readonly blobId: string };

/**
 * What the service worker says to all pages, over the `BroadcastChannel` of `gatewayChannel`.
 *
 * `rows`: handed out, each when it is, or all of them as the answer to `tell`; a later one of the same index replaces an
 * earlier one. `failed`: an answer could not be given, or its body could not be finished.
 */
export type FromGateway =
  | { readonly kind: 'rows'; readonly blobId: string; readonly rows: readonly RowNews[] }
  | { readonly kind: 'failed'; readonly blobId: string; readonly code: ErrorCode };

/**
 * The name of the channel: an origin may hold another Haulout under another path.
 *
 * @param base URL of the folder that the app lies in, with a slash at the end
 */
export function gatewayChannel(base: string | URL): string {
  return `haulout gateway ${new URL(base).pathname}`;
}

/**
 * Where the service worker answers for a blob.
 *
 * @param base URL of the folder that the app lies in, with a slash at the end
 * @param id a blob ID, or the ID of a blob object: `0x` and 64 hex digits
 * @param o.download saved under that name instead of shown
 * @param o.type what the blob is said to be; taken where it is on the closed list and the first bytes agree
 */
export function gatewayUrl(
  base: string | URL,
  id: string,
  { download, type }: { readonly download?: string; readonly type?: string } = {},
): string {
  const url = new URL(`v1/blobs/${id.startsWith('0x') ? 'by-object-id/' : ''}${id}`, base);
  if (download !== undefined) url.searchParams.set('dl', download);
  if (type !== undefined) url.searchParams.set('type', type);
  return url.href;
}
