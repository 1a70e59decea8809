import type { ChainClient, OwnedBlob } from '../../chain/chain-client.ts';
import { endsMs } from '../store/periods.ts';

/** A blob object and when its time ends, as full nodes tell it. */
export interface FoundBlob extends Omit<OwnedBlob, 'ref'> {
  readonly blobObjectId: string;
  /** of Walrus, now */
  readonly epoch: number;
  /** wall time in ms at which `endEpoch` begins, by the present schedule */
  readonly endsMs: number;
  /** what its owner wrote beside it: foreign text */
  readonly attributes: readonly (readonly [key: string, value: string])[];
}

/**
 * Finds a blob by the object that its owner has on chain.
 *
 * @returns undefined if there is no such object, or no longer
 * @throws HauloutError 'argument-invalid' for what is no object ID, 'chain-unavailable'
 */
export async function findBlob(
  chain: ChainClient,
  objectId: string,
  signal: AbortSignal,
): Promise<FoundBlob | undefined> {
  const found = await chain.blob(objectId, signal);
  if (found === undefined) return undefined;
  const [attributes, system] = await Promise.all([
    chain.attributes(objectId, signal),
    chain.system({ signal }),
  ]);
  const { ref, ...blob } = found;
  const { epoch } = system;
  const { objectId: blobObjectId } = ref;
  return { ...blob, blobObjectId, epoch, endsMs: endsMs(system, blob.endEpoch), attributes };
}
