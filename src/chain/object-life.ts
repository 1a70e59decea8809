import type { SuiGrpcClient } from '@mysten/sui/grpc';
import type { ObjectRef } from './plan.ts';

/** How far back the life of an object is followed: nobody can make us read for ever. */
const STEPS = 8;

export type ObjectVersion = Pick<ObjectRef, 'objectId' | 'version'>;

/** What a transaction had to do with an object. */
export interface Written {
  /** in which version it took the object; absent if it made it, or did not touch it */
  readonly versionBefore: string | undefined;
}

/** Where a life is begun to follow. */
interface Newest {
  readonly objectId: string;
  /** of the transaction that wrote it last */
  readonly digest: string | null | undefined;
}

/**
 * The transactions that wrote an object, newest first, as far as a full node remembers.
 *
 * @param read what is wanted of each; undefined ends it
 */
export async function* backwards<T extends Written>(
  client: SuiGrpcClient,
  { objectId, digest: newest }: Newest,
  read: (digest: string) => Promise<T | undefined>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  let digest = newest;
  for (let step = 0; step < STEPS && digest; step++) {
    const written = await read(digest);
    if (written === undefined) return;
    yield written;
    const { versionBefore: version } = written;
    digest = version && (await writerOf(client, { objectId, version }, signal));
  }
}

/** The transaction that wrote an object in a version; undefined if it is not known, or forgotten. */
export async function writerOf(
  client: SuiGrpcClient,
  { objectId, version }: ObjectVersion,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const request = {
      ...{ objectId, version: BigInt(version) },
      readMask: { paths: ['version', 'previous_transaction'] },
    };
    const { response } = await client.ledgerService.getObject(request, { abort: signal });
    return response.object?.previousTransaction;
  } catch {
    return undefined; // no proof
  }
}
