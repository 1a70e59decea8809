import { blobIdToInteger, parseBlobId } from '../../protocol/blob-id.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { writeCommitment, writeMarker } from '../marker.ts';
import type { BlobPlan, RegisterPlan, RelayTip, StoragePool } from '../plan.ts';
import { openPayment } from './wal-source.ts';
import type { Value, Writer } from './writer.ts';

const ENCODING_TYPE = 1; // Reed-Solomon over GF(2^16)

export function writeRegister(writer: Writer, plan: RegisterPlan): void {
  const { sender, recipient, stipendMist, marker, tip } = plan;
  if (tip) writer.raw(writeCommitment(tip)); // a relay looks for it in the first input
  if (marker) writer.raw(writeMarker(marker));
  if (tip) payTip(writer, tip);
  if (stipendMist > 0n) writer.transfer([writer.split(writer.gas, stipendMist)], recipient);

  const payment = openPayment(writer, plan.payment, sender);
  const rests: Value[] = [];
  const pools = plan.pools.map((pool) => openPool(writer, pool, payment.coin, rests));
  const lastOfPool = lastUses(plan.blobs);
  const blobs = plan.blobs.map((blob, i) => {
    const storage =
      'pool' in blob.storage
        ? takeFromPool(writer, pools, blob, lastOfPool.get(blob.storage.pool) === i)
        : writer.call(
            'system::reserve_space',
            writer.system,
            writer.pure('u64', BigInt(blob.encodedBytes)),
            writer.pure('u32', blob.storage.epochs),
            payment.coin,
          );
    return register(writer, blob, storage, payment.coin);
  });
  payment.close();
  writer.transfer(blobs, recipient);
  writer.transfer(rests, sender);
}

export function payTip(writer: Writer, { address, mist }: RelayTip): void {
  writer.transfer([writer.split(writer.gas, mist)], address);
}

function register(writer: Writer, blob: BlobPlan, storage: Value, coin: Value): Value {
  const object = writer.call(
    'system::register_blob',
    writer.system,
    storage,
    writer.pure('u256', blobIdToInteger(parseBlobId(blob.blobId))),
    writer.pure('u256', blobIdToInteger(blob.rootHash)),
    writer.pure('u64', BigInt(blob.unencodedBytes)),
    writer.pure('u8', ENCODING_TYPE),
    writer.pure('bool', blob.deletable),
    coin,
  );
  for (const [key, value] of blob.attributes) {
    writer.call(
      'blob::insert_or_update_metadata_pair',
      object,
      writer.pure('text', key),
      writer.pure('text', value),
    );
  }
  return object;
}

/** Makes one Storage of the parts, as many bytes and epochs as are needed. @param rests what is not */
function openPool(writer: Writer, pool: StoragePool, coin: Value, rests: Value[]): Value {
  const [storage, ...others] = pool.parts.map((part) => writer.owned(part));
  if (storage === undefined) {
    throw new HauloutError('argument-invalid', { name: 'pools', reason: 'a pool without parts' });
  }
  for (const other of others) writer.call('storage_resource::fuse_amount', storage, other);
  if (pool.keepBytes !== undefined) {
    const bytes = writer.pure('u64', BigInt(pool.keepBytes));
    rests.push(writer.call('storage_resource::split_by_size', storage, bytes));
  }
  if (pool.cutAtEpoch !== undefined) {
    const epoch = writer.pure('u32', pool.cutAtEpoch);
    rests.push(writer.call('storage_resource::split_by_epoch', storage, epoch));
  }
  if (pool.extension !== undefined) {
    const { bytes, startEpoch, endEpoch } = pool.extension;
    const more = writer.call(
      'system::reserve_space_for_epochs',
      writer.system,
      writer.pure('u64', BigInt(bytes)),
      writer.pure('u32', startEpoch),
      writer.pure('u32', endEpoch),
      coin,
    );
    writer.call('storage_resource::fuse_periods', storage, more);
  }
  return storage;
}

/** The Storage for one blob. The last blob of a pool takes all that is left. */
function takeFromPool(writer: Writer, pools: Value[], blob: BlobPlan, isLast: boolean): Value {
  const index = 'pool' in blob.storage ? blob.storage.pool : -1;
  const storage = pools[index];
  if (storage === undefined) {
    throw new HauloutError('argument-invalid', { name: 'storage', reason: `no pool ${index}` });
  }
  if (isLast) return storage;
  const bytes = writer.pure('u64', BigInt(blob.encodedBytes));
  pools[index] = writer.call('storage_resource::split_by_size', storage, bytes);
  return storage;
}

/** Which blob is the last of each pool. */
function lastUses(blobs: readonly BlobPlan[]): ReadonlyMap<number, number> {
  return new Map(blobs.flatMap(({ storage }, i) => ('pool' in storage ? [[storage.pool, i]] : [])));
}
