import { toBase64 } from '@mysten/bcs';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { WalrusClient, walrus } from '@mysten/walrus';
import { hexToBytes } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../src/devnet/http.ts';
import { fullNode } from '../../src/devnet/sui/full-node.ts';
import { deriveBlobId } from '../../src/devnet/sui/move/blob.ts';
import { blobIdFromInteger, formatBlobId, parseBlobId } from '../../src/protocol/blob-id.ts';
import { signMessage } from '../../src/protocol/certificate.ts';
import { confirmationMessage } from '../../src/protocol/messages.ts';
import { systemClock } from '../../src/workers/doors.ts';
import { epochsOf } from '../support/devnet/walrus-epochs.ts';
import { HOUR_MS, WAL, WalrusWorld, type WorldOptions } from '../support/devnet/walrus-world.ts';
import { SOAK } from '../support/seed.ts';

interface OfficialOptions extends WorldOptions {
  /** over a socket, as the extension of a Sui client; else without one, as a class of its own */
  readonly http?: boolean;
}

/** The official client, as published, on the local chain. */
async function official({ http = false, ...options }: OfficialOptions = {}) {
  const key = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));
  const owner = key.toSuiAddress();
  const accounts = [{ address: owner, sui: 1000n * WAL, wal: 1000n * WAL }];
  const world = await WalrusWorld.open({ accounts, ...options });
  const { transport, handler } = fullNode(world.chain, world.clock);
  const listener = http ? await listen({ handler, port: 0, clock: systemClock }) : undefined;
  const way = listener ? { baseUrl: listener.origin } : { transport };
  const suiClient = new SuiGrpcClient({ network: 'testnet', ...way });
  const packageConfig = {
    systemObjectId: world.ids.systemObjectId,
    stakingPoolId: world.ids.stakingObjectId,
    exchangeIds: [world.ids.exchangeObjectId],
  };
  const newWalrus = () =>
    http
      ? new SuiGrpcClient({ network: 'testnet', ...way }).$extend(walrus({ packageConfig })).walrus
      : new WalrusClient({ suiClient, packageConfig });
  const balance = async () => {
    const { balance } = await suiClient.core.getBalance({ owner, coinType: world.ids.walType });
    return BigInt(balance.balance);
  };
  const close = async () => listener?.close();
  return { world, key, owner, suiClient, walrus: newWalrus(), newWalrus, balance, close };
}

type Setup = Awaited<ReturnType<typeof official>>;

/** A blob that nobody encoded: the contract sees only its hash. */
function madeUpBlob(number: number, size: number) {
  const rootHash = new Uint8Array(32);
  new DataView(rootHash.buffer).setUint32(0, number + 1, true);
  const id = blobIdFromInteger(deriveBlobId(BigInt(number + 1), 1, BigInt(size)));
  return { blobId: formatBlobId(id), rootHash, size };
}

/** What each node answers when it is asked for its confirmation. */
function confirmations({ world }: Setup, blobId: string, objectId: string | undefined) {
  const message = confirmationMessage({
    epoch: world.system.committee.epoch,
    blobId: parseBlobId(blobId),
    ...(objectId && { objectId: hexToBytes(objectId.slice(2)) }),
  });
  return world.signers.map(({ secret }) => ({
    serializedMessage: toBase64(message),
    signature: toBase64(signMessage(secret, message)),
  }));
}

describe.each([{ http: true }, { http: false }])('the official client, http: $http', ({ http }) => {
  let setup: Setup;
  let blobObjectId: string;
  const blob = madeUpBlob(1, 1_000_000);
  beforeAll(async () => {
    setup = await official({ http });
  });
  afterAll(() => setup.close());

  test('reads the system and its committee', async () => {
    const { walrus, world } = setup;
    const system = await walrus.systemState();
    expect(system.committee.n_shards).toBe(13);
    expect(system.committee.members.map((member) => member.node_id)).toEqual(
      world.signers.map(({ nodeId }) => nodeId),
    );
    const staking = await walrus.stakingState();
    expect(staking.epoch).toBe(1);
    expect(staking.epoch_state.$kind).toBe('EpochChangeDone');
  });

  test('knows the cost', async () => {
    // 4,062,796 encoded bytes are 4 units
    const { storageCost, writeCost, totalCost } = await setup.walrus.storageCost(1_000_000, 3);
    expect([storageCost, writeCost, totalCost]).toEqual([1_200_000n, 80_000n, 1_280_000n]);
  });

  test('registers with attributes, and pays exactly that', async () => {
    const { walrus, key, owner, balance, world } = setup;
    const before = await balance();
    const { blob: object } = await walrus.executeRegisterBlobTransaction({
      ...{ ...blob, epochs: 3, deletable: true, owner, signer: key },
      attributes: { 'content-type': 'text/plain', made: 'up' },
    });
    blobObjectId = object.id;
    expect(object).toMatchObject({ size: '1000000', certified_epoch: null, deletable: true });
    expect(object.storage).toMatchObject({ start_epoch: 1, end_epoch: 4 });
    expect(before - (await balance())).toBe(1_280_000n);
    expect(world.owned(owner, world.types.blob)).toHaveLength(1);
    expect(await walrus.readBlobAttributes({ blobObjectId })).toEqual({
      'content-type': 'text/plain',
      made: 'up',
    });
  });

  test('certifies with the signatures of the nodes', async () => {
    const { walrus, key, world } = setup;
    const { digest } = await walrus.executeCertifyBlobTransaction({
      ...{ blobId: blob.blobId, blobObjectId, deletable: true, signer: key },
      confirmations: confirmations(setup, blob.blobId, blobObjectId),
    });
    const executed = world.chain.ledger.transaction(digest);
    expect(executed && world.events(executed.outcome)).toMatchObject([
      { name: 'BlobCertified', value: { object_id: blobObjectId, end_epoch: 4 } },
    ]);
    expect(world.read(blobObjectId).certified_epoch).toBe(1);
  });

  test('extends, and pays for the added epochs', async () => {
    const { newWalrus, key, balance, world } = setup;
    const before = await balance();
    await newWalrus().executeExtendBlobTransaction({ blobObjectId, epochs: 2, signer: key });
    expect(world.read(blobObjectId).storage.end_epoch).toBe(6);
    expect(before - (await balance())).toBe(800_000n);
  });

  test('changes and removes attributes', async () => {
    const { newWalrus, key } = setup;
    await newWalrus().executeWriteBlobAttributesTransaction({
      ...{ blobObjectId, signer: key },
      attributes: { made: null, more: 'ä', 'content-type': 'text/html' },
    });
    expect(await newWalrus().readBlobAttributes({ blobObjectId })).toEqual({
      more: 'ä',
      'content-type': 'text/html',
    });
  });

  test('deletes, and gets the reservation back', async () => {
    const { newWalrus, key, owner, world } = setup;
    const reservation = world.read(blobObjectId).storage;
    await newWalrus().executeDeleteBlobTransaction({ blobObjectId, signer: key });
    expect(world.chain.ledger.objects.get(blobObjectId)).toBeUndefined();
    expect(world.owned(owner, world.types.storage).map(({ id }) => id)).toEqual([reservation.id]);
  });

  test('gets the abort of a wrong root hash from the simulation', async () => {
    const { walrus, key, owner } = setup;
    const wrong = { ...blob, rootHash: new Uint8Array(32).fill(9) };
    const registered = walrus.executeRegisterBlobTransaction({
      ...{ ...wrong, epochs: 3, deletable: true, owner, signer: key },
    });
    await expect(registered).rejects.toThrow(/code: 6, in .*::blob::new/);
  });

  test('buys WAL', async () => {
    const { key, owner, suiClient, world, balance } = setup;
    const before = await balance();
    const tx = new Transaction();
    const [sui] = tx.splitCoins(tx.gas, [5n * WAL]);
    const wal = tx.moveCall({
      target: `${world.ids.exchangePackageId}::wal_exchange::exchange_all_for_wal`,
      arguments: [tx.object(world.ids.exchangeObjectId), sui as never],
    });
    tx.transferObjects([wal], owner);
    await suiClient.signAndExecuteTransaction({ transaction: tx, signer: key });
    expect((await balance()) - before).toBe(10n * WAL);
  });
});

describe('when something changes under the official client', () => {
  /** Registers a blob for some epochs. */
  async function registered({ walrus, key, owner }: Setup, number: number, epochs = 5) {
    const made = madeUpBlob(number, 2000);
    const options = { ...made, epochs, deletable: false, owner, signer: key };
    const { blob } = await walrus.executeRegisterBlobTransaction(options);
    return { ...made, blobObjectId: blob.id };
  }
  const certify = (
    { newWalrus, key }: Setup,
    { blobId, blobObjectId }: { blobId: string; blobObjectId: string },
    answers: ReturnType<typeof confirmations>,
  ) =>
    newWalrus().executeCertifyBlobTransaction({
      ...{ blobId, blobObjectId, deletable: false, signer: key, confirmations: answers },
    });

  test('a new epoch makes confirmations worthless, new ones are taken', async () => {
    const setup = await official({ epochDurationMs: HOUR_MS });
    const blob = await registered(setup, 1);
    const old = confirmations(setup, blob.blobId, undefined);
    const epochs = epochsOf(setup.world);
    setup.world.clock.ms += HOUR_MS;
    await epochs.votingEnd();
    await epochs.initiate();
    const staking = await setup.newWalrus().stakingState();
    expect(staking.epoch_state.EpochChangeSync).toBe(0);
    expect(staking.previous_committee).toEqual(staking.committee);
    // The client compares the message with its own before it asks the chain.
    await expect(certify(setup, blob, old)).rejects.toThrow();
    await certify(setup, blob, confirmations(setup, blob.blobId, undefined));
    expect(setup.world.read(blob.blobObjectId).certified_epoch).toBe(2);
  });

  test.each([
    ['rose makes exact coins too small', 200_000, /code: 2, in .*::balance::split/],
    ['fell leaves a rest in exact coins', 50_000, /code: 0, in .*::balance::destroy_zero/],
  ])('a price that %s, a reset finds the new one', async (_, price, abort) => {
    const setup = await official();
    const epochs = epochsOf(setup.world);
    await setup.walrus.systemState(); // remembered from here on
    for (const index of [0, 1, 2, 3, 4]) {
      await epochs.asNode(index, 'set_storage_price_vote', (tx) => [tx.pure.u64(price)]);
    }
    await epochs.updatePrices();
    await expect(registered(setup, 1)).rejects.toThrow(abort);
    setup.walrus.reset();
    const paid = await registered(setup, 1);
    expect(setup.world.read(paid.blobObjectId).certified_epoch).toBeNull();
  });

  test('an upgrade stops calls of the old package, a reset finds the new one', async () => {
    const setup = await official();
    const { world, walrus } = setup;
    await registered(setup, 1);
    await world.mustRun((tx) => {
      const objects = [world.ids.stakingObjectId, world.ids.systemObjectId];
      tx.moveCall({
        target: `${world.ids.upgradedPackageId}::init::migrate_v2`,
        arguments: objects.map((id) => world.input(tx, id)),
      });
    });
    await expect(registered(setup, 2)).rejects.toThrow(/code: 1, in .*::system::inner_mut/);
    walrus.reset();
    const { blobObjectId } = await registered(setup, 2);
    expect(world.object(blobObjectId).type).toBe(`${world.ids.originalPackageId}::blob::Blob`);
  });
});

test('250 blobs are registered in one transaction and certified in another', async () => {
  const setup = await official({ weights: [13] }); // one signature per blob instead of three
  const { walrus, key, owner, suiClient, world } = setup;
  // Objects of the same permanent blob are certified by the same signature: most of the time goes into those.
  const kinds = SOAK ? 250 : 4;
  const blobs = Array.from({ length: 250 }, (_, i) => madeUpBlob(i % kinds, 5000));
  const register = new Transaction();
  const added = blobs.map((blob) =>
    register.add(walrus.registerBlob({ ...blob, epochs: 2, deletable: false })),
  );
  register.transferObjects(added, owner);
  await executed(register);
  const objects = world.owned(owner, world.types.blob).map(({ id }) => world.read(id));
  expect(objects).toHaveLength(250);

  const certify = new Transaction();
  const ids = new Set(blobs.map(({ blobId }) => blobId));
  const answers = new Map([...ids].map((id) => [id, confirmations(setup, id, undefined)]));
  for (const { id, blob_id } of objects) {
    const blobId = formatBlobId(blobIdFromInteger(blob_id));
    await walrus.certifyBlobTransaction({
      ...{ transaction: certify, blobId, blobObjectId: id, deletable: false },
      confirmations: answers.get(blobId) ?? [],
    });
  }
  await executed(certify);
  expect(objects.every(({ id }) => world.read(id).certified_epoch === 1)).toBe(true);

  async function executed(transaction: Transaction) {
    const result = await suiClient.signAndExecuteTransaction({ transaction, signer: key });
    expect(result.$kind).toBe('Transaction');
    await suiClient.waitForTransaction({ result });
  }
}, 600_000);
