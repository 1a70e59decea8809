import { EVENT_LAYOUTS, type EventFields, type EventName } from '../../chain/layouts/events.ts';
import { blobIdFromInteger, formatBlobId } from '../../protocol/blob-id.ts';
import type { ChainEvent, ChainEventBody } from '../chain-port.ts';
import type { ExecutedTransaction } from '../sui/ledger/ledger.ts';

const idOf = (integer: bigint) => formatBlobId(blobIdFromInteger(integer));

/** The events of a transaction, as those who follow the chain get them. */
export function eventsOf(executed: ExecutedTransaction, packageId: string): ChainEvent[] {
  return executed.outcome.events.map(({ type, contents }, i): ChainEvent => {
    const prefix = `${packageId}::events::`;
    const name = type.startsWith(prefix) ? type.slice(prefix.length) : '';
    return {
      sequence: executed.firstEvent + i,
      digest: executed.tx.digest,
      timestampMs: executed.timestampMs,
      ...(name in BODIES ? bodyOf(name as keyof typeof BODIES, contents) : { kind: 'other', type }),
    };
  });
}

function bodyOf(name: keyof typeof BODIES, contents: Uint8Array): ChainEventBody {
  const body = BODIES[name] as (fields: unknown) => ChainEventBody;
  return body(EVENT_LAYOUTS[name].parse(contents));
}

type Bodies = { [Name in EventName]?: (fields: EventFields<Name>) => ChainEventBody };

const BODIES = {
  BlobRegistered: ({ blob_id, encoding_type, end_epoch, object_id, size, ...same }) => ({
    kind: 'blob-registered',
    ...same,
    blobId: idOf(blob_id),
    size: Number(size),
    encodingType: encoding_type,
    endEpoch: end_epoch,
    objectId: object_id,
  }),
  BlobCertified: ({ blob_id, end_epoch, object_id, is_extension, ...same }) => ({
    kind: 'blob-certified',
    ...same,
    blobId: idOf(blob_id),
    endEpoch: end_epoch,
    objectId: object_id,
    isExtension: is_extension,
  }),
  BlobDeleted: ({ epoch, blob_id, end_epoch, object_id, was_certified }) => ({
    kind: 'blob-deleted',
    epoch,
    blobId: idOf(blob_id),
    endEpoch: end_epoch,
    objectId: object_id,
    wasCertified: was_certified,
  }),
  InvalidBlobID: ({ epoch, blob_id }) => ({
    kind: 'invalid-blob-id',
    epoch,
    blobId: idOf(blob_id),
  }),
  PooledBlobRegistered: (fields) => ({
    kind: 'pooled-blob-registered',
    epoch: fields.epoch,
    blobId: idOf(fields.blob_id),
    size: Number(fields.unencoded_size),
    encodingType: fields.encoding_type,
    deletable: fields.deletable,
    objectId: fields.object_id,
    storagePoolId: fields.storage_pool_id,
  }),
  PooledBlobCertified: (fields) => ({
    kind: 'pooled-blob-certified',
    epoch: fields.epoch,
    blobId: idOf(fields.blob_id),
    deletable: fields.deletable,
    objectId: fields.object_id,
    storagePoolId: fields.storage_pool_id,
  }),
  PooledBlobDeleted: (fields) => ({
    kind: 'pooled-blob-deleted',
    epoch: fields.epoch,
    blobId: idOf(fields.blob_id),
    objectId: fields.object_id,
    wasCertified: fields.was_certified,
    storagePoolId: fields.storage_pool_id,
  }),
  StoragePoolCreated: ({ epoch, storage_pool_id, end_epoch }) => ({
    kind: 'storage-pool-created',
    epoch,
    storagePoolId: storage_pool_id,
    endEpoch: end_epoch,
  }),
  StoragePoolExtended: ({ epoch, storage_pool_id, new_end_epoch }) => ({
    kind: 'storage-pool-extended',
    epoch,
    storagePoolId: storage_pool_id,
    endEpoch: new_end_epoch,
  }),
  EpochChangeStart: ({ epoch }) => ({ kind: 'epoch-change-start', epoch }),
  EpochChangeDone: ({ epoch }) => ({ kind: 'epoch-change-done', epoch }),
  EpochParametersSelected: ({ next_epoch }) => ({
    kind: 'epoch-parameters-selected',
    nextEpoch: next_epoch,
  }),
  ShardsReceived: ({ epoch, shards }) => ({ kind: 'shards-received', epoch, shards }),
  ShardRecoveryStart: ({ epoch, shards }) => ({ kind: 'shard-recovery-start', epoch, shards }),
  PricesUpdated: ({ epoch, storage_price, write_price }) => ({
    kind: 'prices-updated',
    epoch,
    storagePrice: storage_price,
    writePrice: write_price,
  }),
} as const satisfies Bodies;
