import { GrpcWebFetchTransport, type RpcTransport } from '@mysten/sui/grpc';
import type { NetworkInfo } from './network-info.ts';

/** Connections to the full nodes of a network. They learn nothing of the page that asks. */
export function rpcTransports({ rpcUrl, moreRpcUrls = [] }: NetworkInfo): RpcTransport[] {
  return [rpcUrl, ...moreRpcUrls].map(
    (baseUrl) =>
      new GrpcWebFetchTransport({
        baseUrl,
        fetchInit: { credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error' },
      }),
  );
}
