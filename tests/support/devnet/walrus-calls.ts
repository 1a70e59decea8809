/** Calls of the Walrus contract in the shape that tests want them. */
import type { Transaction, TransactionArgument } from '@mysten/sui/transactions';
import { hexToBytes } from '@noble/hashes/utils.js';
import { expect } from 'vitest';
import { describe as describeFailure } from '../../../src/devnet/sui/execute/failure.ts';
import type { Outcome } from '../../../src/devnet/sui/execute/run.ts';
import { deriveBlobId } from '../../../src/devnet/sui/move/blob.ts';
import { redstuffLength } from '../../../src/devnet/sui/move/encoding.ts';
import { blobIdFromInteger } from '../../../src/protocol/blob-id.ts';
import { confirmationMessage } from '../../../src/protocol/messages.ts';
import { ALICE, type WalrusWorld } from './walrus-world.ts';

export interface MadeUpBlob {
  readonly rootHash: bigint;
  readonly size: bigint;
  readonly blobId: bigint;
  /** encoded bytes with 13 shards */
  readonly encoded: bigint;
}

/** A blob that nobody encoded: the contract sees only its hash. */
export function madeUp(rootHash: bigint, size = 1000n): MadeUpBlob {
  const blobId = deriveBlobId(rootHash, 1, size);
  return { rootHash, size, blobId, encoded: redstuffLength(size, 13) };
}

export interface RegisterOptions {
  readonly deletable?: boolean;
  readonly encodingType?: number;
  readonly coin?: TransactionArgument;
}

/** What tests do with the contract, on one world. */
export function callsOf(world: WalrusWorld) {
  const system = (tx: Transaction, mutable = true) =>
    world.input(tx, world.ids.systemObjectId, mutable);
  const staking = (tx: Transaction) => world.input(tx, world.ids.stakingObjectId);
  const coinOf = (tx: Transaction, owner = ALICE) => world.input(tx, world.coin(owner));

  /** The one coin of a transaction: an input cannot come twice. */
  const coins = new WeakMap<Transaction, TransactionArgument>();
  const systems = new WeakMap<Transaction, TransactionArgument>();
  const wal = (tx: Transaction) => once(coins, tx, () => coinOf(tx));
  const systemOf = (tx: Transaction) => once(systems, tx, () => system(tx));

  const reserve = (
    tx: Transaction,
    bytes: bigint | number,
    epochs: number,
    coin: TransactionArgument = wal(tx),
  ) =>
    world.call(tx, 'system::reserve_space', [
      systemOf(tx),
      tx.pure.u64(bytes),
      tx.pure.u32(epochs),
      coin,
    ]);

  const register = (
    tx: Transaction,
    storage: TransactionArgument,
    blob: MadeUpBlob,
    { deletable = true, encodingType = 1, coin = wal(tx) }: RegisterOptions = {},
  ) =>
    world.call(tx, 'system::register_blob', [
      systemOf(tx),
      storage,
      tx.pure.u256(blob.blobId),
      tx.pure.u256(blob.rootHash),
      tx.pure.u64(blob.size),
      tx.pure.u8(encodingType),
      tx.pure.bool(deletable),
      coin,
    ]);

  return {
    system: systemOf,
    staking,
    wal,
    reserve,
    register,

    /** Registers a blob for `epochs`. @returns the id of the object */
    async newBlob(blob: MadeUpBlob, epochs = 2, options: RegisterOptions = {}, owner = ALICE) {
      const outcome = await world.mustRun((tx) => {
        const created = register(tx, reserve(tx, blob.encoded, epochs), blob, options);
        tx.transferObjects([created], owner);
      });
      const [event] = world.events(outcome);
      return event?.value['object_id'] as string;
    },

    /** The message that certifies a Blob object, in the current epoch. */
    messageFor(objectId: string, epoch: number = world.system.committee.epoch): Uint8Array {
      const blob = world.read(objectId);
      return confirmationMessage({
        epoch,
        blobId: blobIdFromInteger(blob.blob_id),
        ...(blob.deletable && { objectId: hexToBytes(objectId.slice(2)) }),
      });
    },

    certify(
      tx: Transaction,
      objectId: string,
      signed: { signature: Uint8Array; bitmap: Uint8Array; message: Uint8Array },
    ) {
      return world.call(tx, 'system::certify_blob', [
        system(tx, false),
        world.input(tx, objectId),
        tx.pure.vector('u8', signed.signature),
        tx.pure.vector('u8', signed.bitmap),
        tx.pure.vector('u8', signed.message),
      ]);
    },

    /** Certifies with the members 0, 1 and 2. */
    async certifyBlob(objectId: string) {
      const signed = world.certificate(this.messageFor(objectId));
      return world.mustRun((tx) => this.certify(tx, objectId, signed));
    },
  };
}

export type Calls = ReturnType<typeof callsOf>;

/** The transaction ended with this abort of a Walrus module, or of `0x2`. */
export function expectAbort(
  { failure }: Outcome,
  module: string,
  code: number,
  name?: string,
): void {
  const reason = failure?.reason;
  const found = reason?.kind === 'MoveAbort' && {
    module: reason.module,
    code: Number(reason.code),
    ...(name && { name: reason.functionName }),
  };
  const said = reason ? describeFailure(reason) : 'success';
  expect(found, said).toEqual({ module, code, ...(name && { name }) });
}

function once<K extends object, V>(map: WeakMap<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
