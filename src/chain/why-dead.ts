import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { parseProgramme } from './decode/programme.ts';
import type { Endpoints } from './endpoints.ts';
import type { ObjectRef } from './plan.ts';

/**
 * Why bytes can never be executed any more: they have expired, or an object that they take was used
 * by another transaction. A refusal alone proves nothing: an object may be locked for a while, or
 * the full node behind.
 *
 * @returns undefined unless every endpoint agrees
 */
export async function whyDead(
  bytes: Uint8Array,
  endpoints: Endpoints,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { expirationEpoch, taken } = readLife(bytes);
  const answers = await endpoints.all(async (client, inner) => {
    const { systemState } = await client.core.getCurrentSystemState({ signal: inner });
    if (BigInt(systemState.epoch) > expirationEpoch) return 'it has expired';
    const used = await firstUsed(client, taken, inner);
    return used && `another transaction has used ${used.objectId}`;
  }, signal);
  const reasons = answers.map((a) => (a.status === 'fulfilled' ? a.value : undefined));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

/** The objects that bytes take with them, and how long they can live. */
function readLife(bytes: Uint8Array): { expirationEpoch: bigint; taken: readonly ObjectRef[] } {
  const { inputs, gas, expirationEpoch } = parseProgramme(bytes);
  const owned = inputs.flatMap((input) => (input.is === 'owned' ? [input.ref] : []));
  return { expirationEpoch, taken: [...owned, ...gas.payment] };
}

async function firstUsed(
  client: SuiGrpcClient,
  taken: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<ObjectRef | undefined> {
  const objectIds = taken.map(({ objectId }) => objectId);
  const { objects } = await client.core.getObjects({ objectIds, signal });
  for (const [i, ref] of taken.entries()) {
    const now = objects[i];
    if (now === undefined) continue;
    const isUsed =
      now instanceof Error
        ? await wasThere(client, ref, signal)
        : BigInt(now.version) > BigInt(ref.version);
    if (isUsed) return ref;
  }
  return undefined;
}

/** Whether a full node knows the version that was: then what is not there now has ended since. */
async function wasThere(
  client: SuiGrpcClient,
  { objectId, version }: ObjectRef,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const request = { objectId, version: BigInt(version) };
    const { response } = await client.ledgerService.getObject(request, { abort: signal });
    return response.object !== undefined;
  } catch {
    return false; // not seen yet, or forgotten: no proof
  }
}
