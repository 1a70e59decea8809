import { networkInfo } from '../../chain/network-info.ts';
import type { StoredFile } from '../../flows/store/types.ts';
import { csvText } from '../../presentation/csv.ts';
import type { PageNetwork } from '../network.ts';

/** Where anybody can read a blob, from an aggregator that need not be trusted with more than that. */
export function aggregatorUrl({ network }: Pick<PageNetwork, 'network'>, blobId: string): string {
  const { aggregatorUrl = '' } = networkInfo(network);
  return `${aggregatorUrl}/v1/blobs/${blobId}`;
}

const HEAD = ['name', 'bytes', 'blobId', 'blobObjectId', 'endEpoch', 'link', 'aggregatorUrl'];

/** A table of stored files as CSV text. @param linkOf our own link to a blob ID */
export function linkTable(
  network: Pick<PageNetwork, 'network'>,
  files: readonly StoredFile[],
  linkOf: (blobId: string) => string,
): string {
  const rows = files.map(({ name = '', bytes, blobId, blobObjectId = '', endEpoch }) => [
    ...[name, String(bytes), blobId, blobObjectId, String(endEpoch)],
    ...[linkOf(blobId), aggregatorUrl(network, blobId)],
  ]);
  return csvText([HEAD, ...rows]);
}
