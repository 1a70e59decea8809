import { TransactionError } from '@mysten/sui/client';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import type { ExecutedTransaction } from './chain-client.ts';
import { executedOf, INCLUDE } from './executed.ts';
import { writerOf } from './why-dead.ts';

/** How far back the life of an object is followed: nobody can make us read for ever. */
const STEPS = 8;

/**
 * The transactions that wrote an object, newest first, back to the one that made it, as far as a
 * full node remembers. What is deleted has no history.
 */
export async function historyOf(
  client: SuiGrpcClient,
  objectId: string,
  signal: AbortSignal,
): Promise<readonly ExecutedTransaction[]> {
  const include = { previousTransaction: true } as const;
  const { objects } = await client.core.getObjects({ objectIds: [objectId], include, signal });
  const [now] = objects;
  let digest = now === undefined || now instanceof Error ? undefined : now.previousTransaction;
  const history: ExecutedTransaction[] = [];
  while (digest && history.length < STEPS) {
    const executed = await read(client, digest, signal);
    if (executed === undefined) break;
    history.push(executed);
    const version = versionBefore(executed, objectId);
    digest = version && (await writerOf(client, { objectId, version }, signal));
  }
  return history;
}

function versionBefore({ written }: ExecutedTransaction, objectId: string): string | undefined {
  const id = normalizeSuiAddress(objectId);
  return written.find(({ ref }) => ref.objectId === id)?.versionBefore;
}

/** undefined if the full node does not know it, or not any more */
async function read({ core }: SuiGrpcClient, digest: string, signal: AbortSignal) {
  try {
    return executedOf(await core.getTransaction({ digest, include: INCLUDE, signal }));
  } catch (error) {
    if (error instanceof TransactionError) return undefined;
    throw error;
  }
}
