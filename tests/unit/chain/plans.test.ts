import { fromBase64 } from '@mysten/bcs';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Transaction } from '@mysten/sui/transactions';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { contractOf } from '../../../src/chain/contract.ts';
import { holderOf } from '../../../src/chain/holder.ts';
import { writeCommitment } from '../../../src/chain/marker.ts';
import type { BlobPlan, RegisterPlan } from '../../../src/chain/plan.ts';
import { fitsTransaction, planBatches } from '../../../src/chain/plan-batches.ts';
import { planStorage } from '../../../src/chain/plan-storage.ts';
import { signAsPage } from '../../../src/chain/sign-as-page.ts';
import {
  type ChainWorld,
  chainWorld,
  errorOf,
  madeUpBlobs,
} from '../../support/chain/chain-world.ts';

const NEVER = new AbortController().signal;
const DIRECT = { stipendMist: 0n };

/** Blobs in the person's own hands. */
async function ownBlobs(setup: ChainWorld, blobs: readonly BlobPlan[]) {
  const plan = await setup.register(blobs, { ...DIRECT, recipient: setup.address });
  return (await setup.approve(plan)).outcome.registered;
}

describe('with two approvals', () => {
  it('the person registers and certifies, and nobody else holds anything', async () => {
    const setup = await chainWorld();
    const registered = await ownBlobs(setup, madeUpBlobs(2));
    const { outcome } = await setup.approve({
      ...{ kind: 'certify', sender: setup.address, uncertified: [] },
      blobs: registered.map(({ ref, blobId }) => setup.certified(ref, blobId, true)),
    });
    expect(outcome.success).toBe(true);
    const blobs = await setup.chain.blobs(setup.address);
    expect(blobs.map(({ certifiedEpoch }) => certifiedEpoch)).toEqual([1, 1]);
  });
});

describe('rescue', () => {
  it('finds the holder by the wallet alone, and takes everything home', async () => {
    const setup = await chainWorld();
    const { address, person, wallet } = setup;
    await setup.approve(await setup.register(madeUpBlobs(2)));
    await setup.approve({
      ...{ kind: 'hand-over', sender: address, objects: [], handOverTo: `0x${'1'.repeat(64)}` },
    });

    const chain = setup.newClient(); // of a browser that knows nothing
    const own = person.getPublicKey().toSuiBytes();
    const [marker, ...more] = await chain.markers(address);
    if (marker === undefined) throw new Error('no marker');
    expect(more).toEqual([]);
    expect(marker.batchId).toEqual(new Uint8Array(16).fill(7));
    const holder = holderOf(marker.pagePublicKey, own);
    if (holder === undefined) throw new Error('no holder');
    const held = await chain.holdings(holder.address);
    expect(held.blobs.length).toBe(2);

    const [first, second] = held.blobs;
    if (first === undefined || second === undefined) throw new Error('no blobs');
    const prepared = await chain.prepare({
      ...{ kind: 'certify', sender: holder.address, handOverTo: address },
      blobs: [setup.certified(first.ref, first.blobId, true)],
      uncertified: [second.ref],
    });
    const { bytes, signature } = await wallet.sign(prepared.bytes, NEVER);
    const outcome = await chain.execute(bytes, [holder.combine(signature)]);
    expect(outcome.success).toBe(true);
    expect(await chain.holdings(holder.address)).toEqual({ blobs: [], suiCoins: [], others: [] });
    const home = await chain.blobs(address);
    expect(home.map(({ certifiedEpoch }) => certifiedEpoch).sort()).toEqual([1, undefined]);
  });

  it('is not offered for keys that cannot share an address', async () => {
    const { page } = await chainWorld();
    const zkLogin = Uint8Array.from([5, ...new Uint8Array(60)]);
    expect(holderOf(page.pageKey.publicKey, zkLogin)).toBeUndefined();
    expect(holderOf(page.pageKey.publicKey, Uint8Array.of(0, 1, 2))).toBeUndefined();
  });
});

describe('the page key', () => {
  it('gives up everything to its owner, uncertified or deleted, and to nobody else', async () => {
    const setup = await chainWorld();
    const { chain, page, address } = setup;
    const { pageKey, holder } = page;
    const stranger = `0x${'5'.repeat(64)}`;
    const { outcome } = await setup.approve(await setup.register(madeUpBlobs(2)));
    const [one, two] = outcome.registered.map(({ ref }) => ref);
    if (one === undefined || two === undefined) throw new Error('not registered');
    const signer = { chain, pageKey, holder, owner: address, payer: address };

    const theft = await chain.prepare({
      ...{ kind: 'hand-over', sender: holder.address, objects: [one], handOverTo: stranger },
    });
    expect(await errorOf(signAsPage({ ...signer, prepared: theft }))).toMatchObject({
      code: 'transaction-altered',
      detail: { field: 'recipient' },
    });
    const tip = await chain.prepare({
      ...{ kind: 'hand-over', sender: holder.address, objects: [one] },
      ...{ handOverTo: address, changeTo: stranger },
    });
    expect(await errorOf(signAsPage({ ...signer, prepared: tip }))).toMatchObject({
      code: 'transaction-altered',
      detail: { field: 'change' },
    });

    const back = await chain.prepare({
      ...{ kind: 'hand-over', sender: holder.address, objects: [one], handOverTo: address },
    });
    const signature = await signAsPage({ ...signer, prepared: back });
    expect((await chain.execute(back.bytes, [signature])).success).toBe(true);
    const left = await chain.holdings(holder.address);
    expect([left.blobs.length, left.suiCoins.length]).toEqual([1, 0]);
  });

  it('deletes, and the storage goes to the person with the change', async () => {
    const setup = await chainWorld();
    const { chain, page, address } = setup;
    const { pageKey, holder } = page;
    const { outcome } = await setup.approve(await setup.register(madeUpBlobs(2)));
    const prepared = await chain.prepare({
      ...{ kind: 'delete', sender: holder.address, handOverTo: address },
      blobs: outcome.registered.map(({ ref }) => ref),
    });
    const signature = await signAsPage({
      chain,
      pageKey,
      holder,
      owner: address,
      payer: address,
      prepared,
    });
    expect((await chain.execute(prepared.bytes, [signature])).success).toBe(true);
    expect(await chain.holdings(holder.address)).toEqual({ blobs: [], suiCoins: [], others: [] });
    expect((await chain.storages(address)).map(({ endEpoch }) => endEpoch)).toEqual([3, 3]);
  });
});

describe('blobs that are there', () => {
  it('are extended for what the quote says', async () => {
    const setup = await chainWorld();
    const { chain, address } = setup;
    const [registered] = await ownBlobs(setup, madeUpBlobs(1));
    if (registered === undefined) throw new Error('not registered');
    const { ref, blobId } = registered;
    await setup.approve({
      ...{ kind: 'certify', sender: address, uncertified: [] },
      blobs: [setup.certified(ref, blobId, true)],
    });
    const blob = await chain.blob(ref.objectId);
    if (blob === undefined) throw new Error('no blob');
    const coins = (await chain.coins(address, 'wal')).map((coin) => coin.ref);
    const { prepared, outcome } = await setup.approve({
      ...{ kind: 'extend', sender: address, payment: { coins, maximumFrost: 600_000n } },
      blobs: [{ blob: blob.ref, epochs: 5 }],
    });
    expect(outcome.success).toBe(true);
    expect(prepared.cost.walFrost).toBe(500_000n);
    expect((await chain.blob(ref.objectId))?.endEpoch).toBe(blob.endEpoch + 5);
  });

  it('carry their attributes', async () => {
    const setup = await chainWorld();
    const attributes = [
      ['content-type', 'text/plain'],
      ['_walrusBlobType', 'ä\u0000"<'],
    ] as const;
    const [blob] = await ownBlobs(setup, madeUpBlobs(1, { attributes }));
    const { objectId = '' } = blob?.ref ?? {};
    expect(await setup.chain.attributes(objectId)).toEqual(attributes);
    const [plain] = await ownBlobs(setup, madeUpBlobs(1));
    expect(await setup.chain.attributes(plain?.ref.objectId ?? '')).toEqual([]);
  });
});

describe('a tip', () => {
  const blob = Uint8Array.of(1, 2, 3);
  const tip = {
    ...{ address: `0x${'7'.repeat(64)}`, mist: 105n, unencodedBytes: blob.length },
    ...{ blobDigest: sha256(blob), nonceDigest: sha256(new Uint8Array(32)) },
  };

  it.each(['register', 'tip'] as const)(
    'is paid by %s, for what the first input says',
    async (kind) => {
      const setup = await chainWorld();
      const { chain, world, address } = setup;
      const plan =
        kind === 'tip'
          ? ({ kind, sender: address, tip } as const)
          : await setup.register(madeUpBlobs(1), { tip });
      const { outcome, prepared } = await setup.approve(plan);
      expect(outcome.success).toBe(true);
      expect(prepared.cost.tipMist).toBe(105n);
      const change = outcome.balanceChanges.filter((c) => c.address === tip.address);
      expect(change.map(({ amount }) => amount)).toEqual([105n]);
      const executed = world.chain.ledger.transaction(outcome.digest);
      const [input] = Transaction.from(executed?.tx.bytes ?? new Uint8Array()).getData().inputs;
      expect(Buffer.from(input?.Pure?.bytes ?? '', 'base64')).toEqual(
        Buffer.from(writeCommitment(tip)),
      );
      if (kind === 'register') expect((await chain.markers(address)).length).toBe(1);
    },
  );
});

describe('many coins', () => {
  it('are made one', async () => {
    const setup = await chainWorld();
    const { chain, address, world } = setup;
    const tx = new Transaction();
    const parts = tx.splitCoins(tx.object(world.coin(address)), [1n, 2n, 3n]);
    tx.transferObjects([...parts], address);
    tx.setSender(address);
    const client = new SuiGrpcClient({ network: 'localnet', transport: setup.transport });
    const { bytes, signature } = await setup.person.signTransaction(await tx.build({ client }));
    await chain.execute(fromBase64(bytes), [signature]);
    const coins = await chain.coins(address, 'wal');
    expect(coins.length).toBe(4);
    const refs = coins.map(({ ref }) => ref);
    const { outcome } = await setup.approve({ kind: 'merge-coins', sender: address, coins: refs });
    expect(outcome.success).toBe(true);
    expect((await chain.coins(address, 'wal')).map(({ amount }) => amount)).toEqual([
      100n * 10n ** 9n,
    ]);
  });
});

describe('owned storage', () => {
  /** Storage of deleted blobs: so many units, until that epoch. */
  async function withStorage(parts: readonly { epochs: number }[]) {
    const setup = await chainWorld();
    const { address } = setup;
    const blobs = parts.flatMap(({ epochs }, i) =>
      madeUpBlobs(1, { storage: { epochs }, unencodedBytes: 1_000 + i }),
    );
    const registered = await ownBlobs(setup, blobs);
    await setup.approve({
      ...{ kind: 'delete', sender: address, handOverTo: address },
      blobs: registered.map(({ ref }) => ref),
    });
    return setup;
  }

  /** Registers blobs until an epoch, with whatever storage there is. */
  async function reuse(setup: ChainWorld, blobs: readonly BlobPlan[], endEpoch: number) {
    const { chain, address } = setup;
    const { epoch } = await chain.system();
    const use = planStorage(await chain.storages(address), blobs, epoch, endEpoch);
    const planned = blobs.map((blob, i) => {
      const pool = use.poolOf[i];
      const storage = pool === undefined ? { epochs: endEpoch - epoch } : { pool };
      return { ...blob, storage };
    });
    const change = { ...DIRECT, recipient: address, pools: use.pools };
    const { outcome, prepared } = await setup.approve(await setup.register(planned, change));
    expect(outcome.success).toBe(true);
    expect(outcome.registered.map((blob) => blob.endEpoch)).toEqual(blobs.map(() => endEpoch));
    return { cost: prepared.cost, use, left: await chain.storages(address) };
  }

  const small = (count: number) => madeUpBlobs(count, { unencodedBytes: 10 });

  it('is used up as it is: only the write fee is paid', async () => {
    const setup = await withStorage([{ epochs: 2 }]);
    const { cost, left } = await reuse(setup, madeUpBlobs(1, { unencodedBytes: 1_000 }), 3);
    expect(cost.walFrost).toBe(20_000n);
    expect(left).toEqual([]);
  });

  it('is cut to what is needed in epochs, and the rest is kept', async () => {
    const setup = await withStorage([{ epochs: 6 }]);
    const { cost, left } = await reuse(setup, madeUpBlobs(1, { unencodedBytes: 1_000 }), 3);
    expect(cost.walFrost).toBe(20_000n);
    expect(left.map(({ startEpoch, endEpoch }) => [startEpoch, endEpoch])).toEqual([[3, 7]]);
  });

  it('is extended where it ends too early', async () => {
    const setup = await withStorage([{ epochs: 2 }]);
    const { cost, use, left } = await reuse(setup, madeUpBlobs(1, { unencodedBytes: 1_000 }), 6);
    expect(use.pools[0]?.extension).toMatchObject({ startEpoch: 3, endEpoch: 6 });
    expect(cost.walFrost).toBe(20_000n + 300_000n);
    expect(left).toEqual([]);
  });

  it('is fused and cut in bytes for several blobs, and new space is reserved for the others', async () => {
    const setup = await withStorage([{ epochs: 2 }, { epochs: 2 }, { epochs: 2 }]);
    const owned = await setup.chain.storages(setup.address);
    const total = owned.reduce((sum, { bytes }) => sum + bytes, 0);
    const one = small(1)[0]?.encodedBytes ?? 0;
    const fits = Math.floor(total / one);
    const { cost, use, left } = await reuse(setup, small(fits + 1), 3);
    expect(use.poolOf.filter((pool) => pool === undefined).length).toBe(1);
    expect(use.pools.map(({ parts }) => parts.length)).toEqual([3]);
    expect(cost.walFrost).toBe(BigInt(fits + 1) * 20_000n + 200_000n);
    expect(left.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total - fits * one);
  });

  it('that is over is left alone', () => {
    const ref = { objectId: '0x1', version: '1', digest: '' };
    const over = { ref, bytes: 10 ** 9, startEpoch: 1, endEpoch: 5 };
    const later = { ref, bytes: 10 ** 9, startEpoch: 6, endEpoch: 9 };
    const { pools, poolOf } = planStorage([over, later], small(1), 5, 8);
    expect([pools, poolOf]).toEqual([[], [undefined]]);
  });
});

describe('planBatches', () => {
  const plan = (setup: ChainWorld, blobs: readonly BlobPlan[]): RegisterPlan => ({
    ...{ kind: 'register', sender: setup.address, recipient: setup.page.holder.address },
    ...{ stipendMist: 1n, pools: [], blobs },
    payment: {
      coins: [
        {
          objectId: `0x${'1'.repeat(64)}`,
          version: '1',
          digest: '11111111111111111111111111111111',
        },
      ],
      maximumFrost: 1n,
    },
  });

  it('needs one transaction for 250 files with attributes, and as few as possible for more', async () => {
    const setup = await chainWorld();
    const contract = contractOf(setup.network, await setup.chain.system());
    const attributes = [['content-type', 'text/plain']] as const;
    const partsOf = async (count: number) => {
      const blobs = madeUpBlobs(count, { attributes });
      return planBatches(count, contract, (begin, end) => plan(setup, blobs.slice(begin, end)));
    };
    expect(await partsOf(250)).toEqual([[0, 250]]);
    expect(await partsOf(1)).toEqual([[0, 1]]);
    expect(await partsOf(800)).toEqual([
      [0, 266],
      [266, 533],
      [533, 800],
    ]);
    const many = madeUpBlobs(500);
    expect(await fitsTransaction(plan(setup, many), contract)).toBe(true);
    expect(await fitsTransaction(plan(setup, madeUpBlobs(600)), contract)).toBe(false);
  });

  it('says so if one blob is too much', async () => {
    const setup = await chainWorld();
    const contract = contractOf(setup.network, await setup.chain.system());
    const attributes = Array.from({ length: 1_100 }, (_, i) => [`${i}`, ''] as const);
    const one = () => plan(setup, madeUpBlobs(1, { attributes }));
    expect((await errorOf(planBatches(1, contract, one))).code).toBe('argument-invalid');
  });
});
