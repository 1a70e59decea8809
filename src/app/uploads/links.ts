import { networkInfo } from '../../chain/network-info.ts';
import type { PageNetwork } from '../network.ts';

/** Where anybody can read a blob, from an aggregator that need not be trusted with more than that. */
export function aggregatorUrl({ network }: PageNetwork, blobId: string): string {
  const { aggregatorUrl = '' } = networkInfo(network);
  return `${aggregatorUrl}/v1/blobs/${blobId}`;
}
