import type { SuiClientTypes } from '@mysten/sui/client';
import { normalizeStructTag, normalizeSuiAddress } from '@mysten/sui/utils';
import { blobIdFromInteger, formatBlobId } from '../protocol/blob-id.ts';
import type {
  ExecutedTransaction,
  GasUsed,
  RegisteredBlob,
  WrittenObject,
} from './chain-client.ts';
import { failureOf } from './failures.ts';
import { EVENT_LAYOUTS } from './layouts/events.ts';

/** What has to be read of a transaction. */
export const INCLUDE = {
  effects: true,
  events: true,
  objectTypes: true,
  balanceChanges: true,
} as const;

type Result = SuiClientTypes.TransactionResult<typeof INCLUDE>;
type Transaction = SuiClientTypes.Transaction<typeof INCLUDE>;

export function executedOf(result: Result): ExecutedTransaction {
  const transaction = result.Transaction ?? result.FailedTransaction;
  const { digest, status, effects, timestampMs } = transaction;
  const written = writtenBy(transaction);
  return {
    digest,
    success: status.success,
    ...(!status.success && { failure: failureOf(status.error) }),
    gas: gasOf(effects.gasUsed),
    registered: status.success ? registeredBy(transaction, written) : [],
    certified: status.success ? certifiedBy(transaction) : [],
    written,
    balanceChanges: transaction.balanceChanges.map(({ address, coinType, amount }) => ({
      address: normalizeSuiAddress(address),
      coinType: normalizeStructTag(coinType),
      amount: BigInt(amount),
    })),
    ...(timestampMs !== null && { timestampMs }),
  };
}

function gasOf(gas: SuiClientTypes.GasCostSummary): GasUsed {
  const computationMist = BigInt(gas.computationCost);
  const storageMist = BigInt(gas.storageCost);
  const rebateMist = BigInt(gas.storageRebate);
  return {
    ...{ computationMist, storageMist, rebateMist },
    nonRefundableMist: BigInt(gas.nonRefundableStorageFee),
    netMist: computationMist + storageMist - rebateMist,
  };
}

function writtenBy({ effects, objectTypes }: Transaction): WrittenObject[] {
  return effects.changedObjects.flatMap((change) => {
    const { objectId, outputState, outputVersion, outputDigest, outputOwner, idOperation } = change;
    const { inputVersion, inputOwner } = change;
    if (outputState !== 'ObjectWrite' || outputVersion === null || outputDigest === null) return [];
    const id = normalizeSuiAddress(objectId);
    const owner = outputOwner?.AddressOwner;
    const ownerBefore = inputOwner?.AddressOwner;
    return [
      {
        ref: { objectId: id, version: outputVersion, digest: outputDigest },
        type: normalizeStructTag(objectTypes[objectId] ?? '0x0::unknown::Unknown'),
        ...(owner !== undefined && { owner: normalizeSuiAddress(owner) }),
        ...(ownerBefore !== undefined && { ownerBefore: normalizeSuiAddress(ownerBefore) }),
        ...(inputVersion !== null && { versionBefore: inputVersion }),
        isNew: idOperation === 'Created',
      },
    ];
  });
}

/** By its events, which come in the order of its commands. */
function registeredBy(
  { events }: Transaction,
  written: readonly WrittenObject[],
): RegisteredBlob[] {
  const refs = new Map(written.map(({ ref, type }) => [ref.objectId, { ref, type }]));
  return events.flatMap(({ eventType, bcs }) => {
    if (!eventType.endsWith('::events::BlobRegistered')) return [];
    const event = ifReadable(() => EVENT_LAYOUTS.BlobRegistered.parse(bcs));
    const found = event && refs.get(event.object_id);
    if (event === undefined || found === undefined || !found.type.endsWith('::blob::Blob'))
      return [];
    return [
      {
        ref: found.ref,
        blobId: formatBlobId(blobIdFromInteger(event.blob_id)),
        registeredEpoch: event.epoch,
        endEpoch: event.end_epoch,
        deletable: event.deletable,
      },
    ];
  });
}

function certifiedBy({ events }: Transaction): string[] {
  return events.flatMap(({ eventType, bcs }) => {
    if (!eventType.endsWith('::events::BlobCertified')) return [];
    const event = ifReadable(() => EVENT_LAYOUTS.BlobCertified.parse(bcs));
    return event === undefined || event.is_extension ? [] : [event.object_id];
  });
}

/** Strangers' packages may give events the same names. */
function ifReadable<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
