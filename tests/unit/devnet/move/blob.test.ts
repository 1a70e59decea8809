import { beforeAll, describe, expect, test } from 'vitest';
import { signersToBitmap } from '../../../../src/protocol/committee.ts';
import {
  type Calls,
  callsOf,
  expectAbort,
  type MadeUpBlob,
  madeUp,
  type RegisterOptions,
} from '../../../support/devnet/walrus-calls.ts';
import { ALICE, BOB, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

let world: WalrusWorld;
let calls: Calls;
let hash = 1n;
beforeAll(async () => {
  world = await WalrusWorld.open({ epochDurationMs: 1000 });
  calls = callsOf(world);
});

const fresh = (size?: bigint) => madeUp(hash++, size);

describe('register_blob', () => {
  const register = (blob: MadeUpBlob, bytes = blob.encoded, options: RegisterOptions = {}) =>
    world.run((tx) => {
      const created = calls.register(tx, calls.reserve(tx, bytes, 2), blob, options);
      tx.transferObjects([created], ALICE);
    });

  test('makes the object, says so, and charges the write', async () => {
    const before = world.read(world.coin(ALICE)).balance.value;
    const blob = fresh(1_000_000n);
    const outcome = await register(blob, 10_000_000n); // 10 units of storage, 4 units of blob
    expect(before - world.read(world.coin(ALICE)).balance.value).toBe(2_000_000n + 80_000n);
    const [event, ...more] = world.events(outcome);
    expect(more).toEqual([]);
    expect(event).toEqual({
      name: 'BlobRegistered',
      value: {
        epoch: 1,
        blob_id: blob.blobId,
        size: 1_000_000n,
        encoding_type: 1,
        end_epoch: 3,
        deletable: true,
        object_id: expect.any(String),
      },
    });
    // The reservation is swallowed whole.
    expect(world.read(event?.value['object_id'] as string)).toMatchObject({
      registered_epoch: 1,
      certified_epoch: null,
      storage: { storage_size: 10_000_000n },
    });
    expect(world.owned(ALICE, world.types.storage)).toEqual([]);
  });

  test('wants storage for the whole encoded blob', async () => {
    const blob = fresh();
    expectAbort(await register(blob, blob.encoded - 1n), 'blob', 3, 'new');
  });

  test('wants storage that covers the current epoch', async () => {
    const blob = fresh();
    const outcome = await world.run((tx) => {
      const later = world.call(tx, 'system::reserve_space_for_epochs', [
        ...[calls.system(tx), tx.pure.u64(blob.encoded), tx.pure.u32(2), tx.pure.u32(4)],
        calls.wal(tx),
      ]);
      tx.transferObjects([calls.register(tx, later, blob)], ALICE);
    });
    expectAbort(outcome, 'blob', 2, 'new');
  });

  test('knows one encoding', async () => {
    for (const encodingType of [0, 2, 255]) {
      expectAbort(await register(fresh(), 20_000n, { encodingType }), 'encoding', 0);
    }
  });

  test('derives the blob ID itself', async () => {
    const blob = fresh();
    expectAbort(await register({ ...blob, rootHash: 77n }), 'blob', 6, 'new');
    expectAbort(await register({ ...blob, size: blob.size - 1n }), 'blob', 6);
    expectAbort(await register({ ...blob, blobId: blob.blobId + 1n }), 'blob', 6);
  });

  test('wants the fee for the write', async () => {
    const blob = fresh();
    const outcome = await world.run((tx) => {
      const [little] = tx.splitCoins(calls.wal(tx), [19_999]);
      if (little === undefined) throw new Error('no coin');
      const storage = calls.reserve(tx, blob.encoded, 2);
      tx.transferObjects([calls.register(tx, storage, blob, { coin: little }), little], ALICE);
    });
    expectAbort(outcome, 'balance', 2, 'split');
  });
});

describe('certify_blob', () => {
  const attempt = (
    objectId: string,
    signed: ReturnType<WalrusWorld['certificate']>,
    sender = ALICE,
  ) => world.run((tx) => calls.certify(tx, objectId, signed), sender);

  test('takes a certificate of a quorum and says so', async () => {
    const blob = fresh();
    const id = await calls.newBlob(blob);
    const outcome = await attempt(id, world.certificate(calls.messageFor(id)));
    expect(world.events(outcome)).toEqual([
      {
        name: 'BlobCertified',
        value: {
          ...{ epoch: 1, blob_id: blob.blobId, end_epoch: 3, deletable: true },
          ...{ object_id: id, is_extension: false },
        },
      },
    ]);
    expect(world.read(id).certified_epoch).toBe(1);
    expectAbort(await attempt(id, world.certificate(calls.messageFor(id))), 'blob', 5);
  });

  test('takes bitmaps that end early', async () => {
    const id = await calls.newBlob(fresh(), 2, { deletable: false });
    const signed = world.certificate(calls.messageFor(id), [0, 1, 2]);
    expect(signed.bitmap).toEqual(Uint8Array.of(7));
    expectAbort(await attempt(id, { ...signed, bitmap: new Uint8Array() }), 'bls_aggregate', 2);
    expect((await attempt(id, signed)).failure).toBeUndefined();
  });

  test('refuses bad bitmaps, thin quorums and bad signatures', async () => {
    const id = await calls.newBlob(fresh());
    const message = calls.messageFor(id);
    const good = world.certificate(message);
    const cases: [Partial<typeof good>, number][] = [
      [{ bitmap: Uint8Array.of(7, 0) }, 0],
      [{ bitmap: Uint8Array.of(7 | 32) }, 0], // there is no sixth member
      [world.certificate(message, [0, 1, 3]), 2], // 8 of 13
      [{ bitmap: signersToBitmap([0, 1, 3, 4], 5) }, 1], // others than have signed
      [{ signature: good.signature.with(40, (good.signature[40] ?? 0) ^ 1) }, 1],
      [{ signature: good.signature.subarray(1) }, 1],
      [{ signature: new Uint8Array(96).with(0, 0xc0) }, 1],
      [{ message: message.with(20, 1) }, 1],
    ];
    for (const [change, code] of cases) {
      const outcome = await attempt(id, { ...good, ...change });
      expectAbort(outcome, 'bls_aggregate', code, 'verify_certificate_and_weight');
    }
  });

  test('refuses signed messages of another kind', async () => {
    const id = await calls.newBlob(fresh());
    const message = calls.messageFor(id);
    const cases: [Uint8Array, string, number][] = [
      [message.with(2, 4), 'messages', 0],
      [calls.messageFor(id, 2), 'messages', 1],
      [calls.messageFor(id, 0), 'messages', 1],
      [message.with(0, 2), 'messages', 2],
      [message.with(1, 1), 'messages', 3],
      [message.with(39, 2), 'messages', 4],
      [message.subarray(0, 38), 'bcs', 0],
      [message.subarray(0, 5), 'bcs', 0],
      [message.with(7, (message[7] ?? 0) ^ 1), 'blob', 6],
    ];
    for (const [changed, module, code] of cases) {
      expectAbort(await attempt(id, world.certificate(changed)), module, code);
    }
    const longer = world.certificate(Uint8Array.from([...message, 1, 2, 3]));
    expect((await attempt(id, longer)).failure).toBeUndefined(); // bytes after the message are free
  });

  test('tells permanent from deletable, and one object from another', async () => {
    const blob = fresh();
    const deletable = await calls.newBlob(blob);
    const other = await calls.newBlob(blob);
    const permanent = await calls.newBlob(blob, 2, { deletable: false });
    const by = (id: string) => world.certificate(calls.messageFor(id));
    expectAbort(await attempt(deletable, by(permanent)), 'blob', 9);
    expectAbort(await attempt(permanent, by(deletable)), 'blob', 9);
    expectAbort(await attempt(deletable, by(other)), 'blob', 10);
    expect((await attempt(permanent, by(permanent))).failure).toBeUndefined();
    expect((await attempt(deletable, by(deletable))).failure).toBeUndefined();
  });

  test('is for the owner alone', async () => {
    const id = await calls.newBlob(fresh());
    const signed = world.certificate(calls.messageFor(id));
    await expect(attempt(id, signed, BOB)).rejects.toThrow('not signed by the correct sender');
  });
});

describe('delete_blob', () => {
  const remove = (id: string) =>
    world.run((tx) => {
      const storage = world.call(tx, 'system::delete_blob', [
        world.input(tx, world.ids.systemObjectId, false),
        world.input(tx, id),
      ]);
      tx.transferObjects([storage], ALICE);
    });

  test('gives the reservation back, with the attributes gone', async () => {
    const blob = fresh();
    const id = await calls.newBlob(blob);
    await world.mustRun((tx) =>
      world.call(tx, 'blob::insert_or_update_metadata_pair', [
        world.input(tx, id),
        ...[tx.pure.string('a'), tx.pure.string('b')],
      ]),
    );
    const [field] = world.chain.ledger.objects.ownedBy(id);
    const storage = world.read(id).storage;
    const outcome = await remove(id);
    expect(world.events(outcome)).toEqual([
      {
        name: 'BlobDeleted',
        value: {
          ...{ epoch: 1, blob_id: blob.blobId, end_epoch: 3 },
          ...{ object_id: id, was_certified: false },
        },
      },
    ]);
    expect(world.read(storage.id)).toEqual(storage);
    for (const gone of [id, field?.id ?? '']) {
      expect(world.chain.ledger.objects.get(gone)).toBeUndefined();
    }
    await world.mustRun((tx) => tx.transferObjects([world.input(tx, storage.id)], BOB));
  });

  test('says whether the blob was certified', async () => {
    const id = await calls.newBlob(fresh());
    await calls.certifyBlob(id);
    expect(world.events(await remove(id))[0]?.value['was_certified']).toBe(true);
  });

  test('is not for permanent blobs', async () => {
    expectAbort(await remove(await calls.newBlob(fresh(), 2, { deletable: false })), 'blob', 1);
  });

  test('burning works for any blob, in silence', async () => {
    const id = await calls.newBlob(fresh(), 2, { deletable: false });
    const storage = world.read(id).storage.id;
    const outcome = await world.mustRun((tx) =>
      world.call(tx, 'blob::burn', [world.input(tx, id)]),
    );
    expect(outcome.events).toEqual([]);
    expect([id, storage].map((gone) => world.chain.ledger.objects.get(gone))).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('extend_blob', () => {
  const extend = (id: string, epochs: number) =>
    world.run((tx) =>
      world.call(tx, 'system::extend_blob', [
        ...[calls.system(tx), world.input(tx, id), tx.pure.u32(epochs), calls.wal(tx)],
      ]),
    );

  test('charges the added epochs and tells the first certification again', async () => {
    const id = await calls.newBlob(fresh(1_000_000n));
    expectAbort(await extend(id, 1), 'blob', 0);
    await calls.certifyBlob(id);
    const before = world.read(world.coin(ALICE)).balance.value;
    const outcome = await extend(id, 3);
    expect(before - world.read(world.coin(ALICE)).balance.value).toBe(4n * 100_000n * 3n);
    expect(world.read(id).storage).toMatchObject({ start_epoch: 1, end_epoch: 6 });
    expect(world.events(outcome)).toMatchObject([
      { name: 'BlobCertified', value: { epoch: 1, end_epoch: 6, is_extension: true } },
    ]);
  });

  test('ends at most 53 epochs ahead', async () => {
    const id = await calls.newBlob(fresh());
    await calls.certifyBlob(id);
    expectAbort(await extend(id, 0), 'system_state_inner', 2, 'extend_blob');
    expectAbort(await extend(id, 52), 'system_state_inner', 2, 'extend_blob');
    expect((await extend(id, 51)).failure).toBeUndefined();
  });

  test('takes a reservation that goes on where the blob ends', async () => {
    const blob = fresh();
    const id = await calls.newBlob(blob);
    const withResource = (bytes: bigint, start: number, end: number) =>
      world.run((tx) => {
        const extension = world.call(tx, 'system::reserve_space_for_epochs', [
          ...[calls.system(tx), tx.pure.u64(bytes), tx.pure.u32(start), tx.pure.u32(end)],
          calls.wal(tx),
        ]);
        const args = [calls.system(tx), world.input(tx, id), extension];
        world.call(tx, 'system::extend_blob_with_resource', args);
      });
    expectAbort(await withResource(blob.encoded, 3, 5), 'blob', 0);
    await calls.certifyBlob(id);
    expectAbort(await withResource(blob.encoded, 1, 3), 'blob', 2, 'extend_with_resource');
    expectAbort(await withResource(blob.encoded + 1n, 3, 5), 'storage_resource', 2);
    expectAbort(await withResource(blob.encoded, 4, 6), 'storage_resource', 1);
    expect((await withResource(blob.encoded, 3, 5)).failure).toBeUndefined();
    expect(world.read(id).storage).toMatchObject({ start_epoch: 1, end_epoch: 5 });
  });

  test('keeps to the capacity', async () => {
    const small = await WalrusWorld.open({ capacity: 30_000n });
    const on = callsOf(small);
    const id = await on.newBlob(fresh(), 1);
    await on.certifyBlob(id);
    await small.mustRun((tx) => {
      const later = small.call(tx, 'system::reserve_space_for_epochs', [
        ...[on.system(tx), tx.pure.u64(20_000), tx.pure.u32(2), tx.pure.u32(3), on.wal(tx)],
      ]);
      tx.transferObjects([later], ALICE);
    });
    const outcome = await small.run((tx) =>
      small.call(tx, 'system::extend_blob', [
        ...[on.system(tx), small.input(tx, id), tx.pure.u32(1), on.wal(tx)],
      ]),
    );
    expectAbort(outcome, 'system_state_inner', 1, 'extend_blob');
  });
});

describe('invalidate_blob_id', () => {
  test('takes the word of nodes of which one is honest', async () => {
    const id = await calls.newBlob(fresh());
    const header = calls.messageFor(id).subarray(0, 39).with(0, 2);
    const run = (signers: number[], message = header) =>
      world.run((tx) => {
        const signed = world.certificate(message, signers);
        world.call(tx, 'system::invalidate_blob_id', [
          world.input(tx, world.ids.systemObjectId, false),
          ...[signed.signature, signed.bitmap, signed.message].map((b) => tx.pure.vector('u8', b)),
        ]);
      });
    const outcome = await run([0, 3]); // 5 of 13
    expect(world.events(outcome)).toEqual([
      { name: 'InvalidBlobID', value: { epoch: 1, blob_id: world.read(id).blob_id } },
    ]);
    expectAbort(await run([0]), 'bls_aggregate', 2);
    expectAbort(await run([0, 1], header.with(0, 1)), 'messages', 2);
  });
});
