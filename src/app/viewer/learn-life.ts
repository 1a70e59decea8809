import { endsMs } from '../../flows/store/periods.ts';
import type { BlobAsker } from './blob-asker.ts';
import type { BlobState } from './blob-state.ts';

/**
 * Until when a blob is stored: from the object of an upload of this device or, where there is none, as far as nodes say
 * it. What cannot be found out stays unknown.
 */
export async function learnLife(
  asker: BlobAsker,
  blobId: string,
  signal: AbortSignal,
): Promise<Partial<Pick<BlobState, 'object' | 'life'>>> {
  const own = await asker.ask('own', { blobId }, signal).catch(() => undefined);
  if (own !== undefined) return { object: own };
  try {
    const agreed = await asker.ask('status', { blobId }, signal);
    const { status } = agreed;
    if (status.kind !== 'permanent') return { life: agreed };
    return { life: { ...agreed, endsMs: endsMs(await asker.network(signal), status.endEpoch) } };
  } catch {
    return {};
  }
}
