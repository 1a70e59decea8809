import { networkInfo } from '../../chain/network-info.ts';
import type { StoredFile } from '../../flows/store/types.ts';
import { csvText } from '../../presentation/csv.ts';
import type { PageNetwork } from '../network.ts';

/** Where anybody can read a blob, from an aggregator that need not be trusted with more than that. */
export function aggregatorUrl({ network }: Pick<PageNetwork, 'network'>, blobId: string): string {
  const { aggregatorUrl = '' } = networkInfo(network);
  return `${aggregatorUrl}/v1/blobs/${blobId}`;
}

const HEAD = ['name', 'bytes', 'blobId', 'blobObjectId', 'endEpoch', 'link'];

/** A table of stored files as CSV text. */
export function linkTable(
  network: Pick<PageNetwork, 'network'>,
  files: readonly StoredFile[],
): string {
  const rows = files.map(({ name = '', bytes, blobId, blobObjectId = '', endEpoch }) => [
    ...[name, String(bytes), blobId, blobObjectId, String(endEpoch)],
    aggregatorUrl(network, blobId),
  ]);
  return csvText([HEAD, ...rows]);
}
