import type { SuiClientTypes } from '@mysten/sui/client';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { transactionDigest } from './build/build-transaction.ts';
import { parseProgramme } from './decode/programme.ts';
import type { Endpoints } from './endpoints.ts';
import { backwards, type ObjectVersion, type Written, writerOf } from './object-life.ts';

/** What decides how long a transaction can be executed. */
export interface TransactionLife {
  readonly digest: string;
  /** last epoch of Sui */
  readonly expirationEpoch: bigint;
  /** owned objects that it takes */
  readonly inputs: readonly ObjectVersion[];
}

type Used = SuiClientTypes.Object<{ previousTransaction: true }>;

/** The life of bytes. */
export function lifeOf(bytes: Uint8Array): TransactionLife {
  const { inputs, gas, expirationEpoch } = parseProgramme(bytes);
  const owned = inputs.flatMap((input) => (input.is === 'owned' ? [input.ref] : []));
  return {
    digest: transactionDigest(bytes),
    expirationEpoch,
    inputs: [...owned, ...gas.payment],
  };
}

/**
 * Why a transaction can never be executed any more: it has expired, or an object that it takes was
 * used by another transaction. A refusal alone proves nothing: an object may be locked for a while,
 * or the full node behind. Where the transaction itself was executed, its objects are used too: look
 * for it afterwards.
 *
 * @returns undefined unless every endpoint agrees; a lone one has to name the other transaction, as
 *   it may know an object and not yet what has changed it
 */
export async function whyDead(
  life: TransactionLife,
  endpoints: Endpoints,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const isUsed = endpoints.count > 1 ? wasUsed : wasUsedByNamed(life.digest);
  const answers = await endpoints.all(async (client, inner) => {
    const { systemState } = await client.core.getCurrentSystemState({ signal: inner });
    if (BigInt(systemState.epoch) > life.expirationEpoch) return 'it has expired';
    const used = await firstUsed(client, life.inputs, isUsed, inner);
    return used && `another transaction has used ${used.objectId}`;
  }, signal);
  const reasons = answers.map((a) => (a.status === 'fulfilled' ? a.value : undefined));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

/** Whether an object version is used up, by how the object is now: undefined if it is not there. */
type IsUsed = (
  client: SuiGrpcClient,
  input: ObjectVersion,
  now: Used | undefined,
  signal: AbortSignal,
) => Promise<boolean>;

async function firstUsed(
  client: SuiGrpcClient,
  inputs: readonly ObjectVersion[],
  isUsed: IsUsed,
  signal: AbortSignal,
): Promise<ObjectVersion | undefined> {
  const objectIds = inputs.map(({ objectId }) => objectId);
  const include = { previousTransaction: true } as const;
  const { objects } = await client.core.getObjects({ objectIds, include, signal });
  for (const [i, input] of inputs.entries()) {
    const now = objects[i];
    if (now === undefined) continue;
    if (await isUsed(client, input, now instanceof Error ? undefined : now, signal)) return input;
  }
  return undefined;
}

const wasUsed: IsUsed = async (client, input, now, signal) => {
  if (now !== undefined) return BigInt(now.version) > BigInt(input.version);
  return (await writerOf(client, input, signal)) !== undefined;
};

/** Follows an object back to the transaction that took it in the version of an input. */
const wasUsedByNamed =
  (own: string): IsUsed =>
  async (client, { objectId, version }, now, signal) => {
    const newest = { objectId, digest: now?.previousTransaction };
    const read = async (digest: string) =>
      digest === own ? undefined : written(client, digest, objectId, signal);
    for await (const { versionBefore } of backwards(client, newest, read, signal)) {
      if (versionBefore === undefined) return false;
      const before = BigInt(versionBefore);
      if (before <= BigInt(version)) return before === BigInt(version);
    }
    return false;
  };

async function written(
  { core }: SuiGrpcClient,
  digest: string,
  objectId: string,
  signal: AbortSignal,
): Promise<Written> {
  const result = await core.getTransaction({ digest, include: { effects: true }, signal });
  const { effects } = result.Transaction ?? result.FailedTransaction;
  const change = effects.changedObjects.find((each) => {
    return normalizeSuiAddress(each.objectId) === normalizeSuiAddress(objectId);
  });
  return { versionBefore: change?.inputVersion ?? undefined };
}
