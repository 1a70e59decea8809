import { TransactionError } from '@mysten/sui/client';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import type { ExecutedTransaction } from './chain-client.ts';
import { executedOf, INCLUDE } from './executed.ts';
import { backwards } from './object-life.ts';

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
  const digest = now === undefined || now instanceof Error ? undefined : now.previousTransaction;
  const read = async (each: string) => {
    const executed = await transaction(client, each, signal);
    return executed && { executed, versionBefore: versionBefore(executed, objectId) };
  };
  const history: ExecutedTransaction[] = [];
  for await (const { executed } of backwards(client, { objectId, digest }, read, signal)) {
    history.push(executed);
  }
  return history;
}

function versionBefore({ written }: ExecutedTransaction, objectId: string): string | undefined {
  const id = normalizeSuiAddress(objectId);
  return written.find(({ ref }) => ref.objectId === id)?.versionBefore;
}

/** undefined if the full node does not know it, or not any more */
async function transaction({ core }: SuiGrpcClient, digest: string, signal: AbortSignal) {
  try {
    return executedOf(await core.getTransaction({ digest, include: INCLUDE, signal }));
  } catch (error) {
    if (error instanceof TransactionError) return undefined;
    throw error;
  }
}
