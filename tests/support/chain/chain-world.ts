import type { Signer } from '@mysten/sui/cryptography';
import type { RpcTransport } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { hexToBytes } from '@noble/hashes/utils.js';
import { createChainClient } from '../../../src/chain/create-chain-client.ts';
import { holderOf } from '../../../src/chain/holder.ts';
import type { NetworkInfo } from '../../../src/chain/network-info.ts';
import { createPageKey, openPageKey } from '../../../src/chain/page-key-door.ts';
import type { BlobPlan, CertifiedBlob, ObjectRef, RegisterPlan } from '../../../src/chain/plan.ts';
import { keypairWallet } from '../../../src/chain/wallet/keypair-wallet.ts';
import { fullNode } from '../../../src/devnet/sui/full-node.ts';
import { deriveBlobId } from '../../../src/devnet/sui/move/blob.ts';
import { blobIdFromInteger, formatBlobId, parseBlobId } from '../../../src/protocol/blob-id.ts';
import { type HauloutError, isHauloutError } from '../../../src/protocol/errors.ts';
import { encodedLength } from '../../../src/protocol/geometry.ts';
import { confirmationMessage } from '../../../src/protocol/messages.ts';
import type { Clock } from '../../../src/protocol/ports.ts';
import { epochsOf } from '../devnet/walrus-epochs.ts';
import { WAL, WalrusWorld, type WorldOptions } from '../devnet/walrus-world.ts';
import { quickClock } from '../quick-clock.ts';

const WEIGHTS = [9, 2, 2]; // one node is a quorum: signatures take their time
const SHARD_COUNT = 13;

export interface ChainWorldOptions extends WorldOptions {
  /** instead of one connection to the full node */
  transports?(honest: RpcTransport): readonly RpcTransport[];
  readonly info?: Partial<NetworkInfo>;
  readonly clock?: Clock;
}

/** A person with money on the local chain, and this client connected to it. Nothing is replaced. */
export async function chainWorld({ transports, info, clock, ...options }: ChainWorldOptions = {}) {
  const person = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(9));
  const address = person.toSuiAddress();
  const accounts = [{ address, sui: 100n * WAL, wal: 100n * WAL }];
  const world = await WalrusWorld.open({ accounts, weights: WEIGHTS, ...options });
  const { transport, handler } = fullNode(world.chain, world.clock);
  const network: NetworkInfo = {
    network: 'localnet',
    chainId: world.chain.ledger.chainId,
    rpcUrl: 'http://chain.invalid',
    systemObjectId: world.ids.systemObjectId,
    stakingObjectId: world.ids.stakingObjectId,
    packageId: world.ids.packageId,
    walType: world.ids.walType,
    exchangeObjectId: world.ids.exchangeObjectId,
    ...info,
  };
  const ownClock = clock ?? { ...quickClock(10), wall: world.clock.wall };
  const newClient = (way = transports?.(transport) ?? [transport], time = ownClock) =>
    createChainClient({ network, transports: way, clock: time });
  const chain = newClient();
  const wallet = keypairWallet(person);
  const page = await pageOf(person);

  const register = async (blobs: readonly BlobPlan[], change: Partial<RegisterPlan> = {}) => {
    const coins = (await chain.coins(address, 'wal')).map(({ ref }) => ref);
    return {
      ...{ kind: 'register', sender: address, recipient: page.holder.address },
      ...{ stipendMist: 20_000_000n, pools: [], blobs },
      marker: { pagePublicKey: page.pageKey.publicKey, batchId: new Uint8Array(16).fill(7) },
      payment: { coins, maximumFrost: WAL },
      ...change,
    } satisfies RegisterPlan;
  };
  return {
    ...{ world, chain, network, person, address, wallet, page, newClient, register },
    ...{ transport, handler },

    /** Lets the person sign and send. */
    async approve(plan: Parameters<typeof chain.prepare>[0]) {
      const prepared = await chain.prepare(plan);
      const signed = await wallet.sign(prepared.bytes, new AbortController().signal);
      await chain.check(prepared, signed.bytes);
      return { prepared, outcome: await chain.execute(signed.bytes, [signed.signature]) };
    },

    /** New prices in the middle of the epoch, by the votes of all nodes. */
    async setPrices(storageFrost: bigint, writeFrost: bigint) {
      const epochs = epochsOf(world);
      for (const index of world.signers.keys()) {
        await epochs.asNode(index, 'set_storage_price_vote', (tx) => [tx.pure.u64(storageFrost)]);
        await epochs.asNode(index, 'set_write_price_vote', (tx) => [tx.pure.u64(writeFrost)]);
      }
      const { failure } = await epochs.updatePrices();
      if (failure) throw failure;
    },

    /** What the nodes together say of a Blob object. */
    certified(ref: ObjectRef, blobId: string, deletable: boolean): CertifiedBlob {
      const message = confirmationMessage({
        epoch: world.system.committee.epoch,
        blobId: parseBlobId(blobId),
        ...(deletable && { objectId: hexToBytes(ref.objectId.slice(2)) }),
      });
      const { signature } = world.certificate(message, [0]);
      return { blob: ref, certificate: { signers: [0], message, signature } };
    },
  };
}

export type ChainWorld = Awaited<ReturnType<typeof chainWorld>>;

/** Bytes that register one blob, signed by the person. */
export async function signed({ chain, register, wallet }: ChainWorld) {
  const prepared = await chain.prepare(await register(madeUpBlobs(1)));
  const { bytes, signature } = await wallet.sign(prepared.bytes, new AbortController().signal);
  return { prepared, bytes, signatures: [signature] };
}

/** Puts the next version of the contract in force. */
export async function upgrade(world: WalrusWorld): Promise<void> {
  const { stakingObjectId, systemObjectId, upgradedPackageId } = world.ids;
  await world.mustRun((tx) => {
    const args = [stakingObjectId, systemObjectId].map((id) => world.input(tx, id));
    tx.moveCall({ target: `${upgradedPackageId}::init::migrate_v2`, arguments: args });
  });
}

/** Runs `work` and gives the error of this library that it ends with. */
export async function errorOf(work: Promise<unknown>): Promise<HauloutError> {
  try {
    await work;
  } catch (error) {
    if (isHauloutError(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

export async function pageOf(person: Signer) {
  const stored = await createPageKey();
  const pageKey = openPageKey(stored);
  const holder = holderOf(pageKey.publicKey, person.getPublicKey().toSuiBytes());
  if (holder === undefined) throw new Error('no holder for an Ed25519 key');
  return { stored, pageKey, holder };
}

/**
 * Blobs that nobody encoded: the contract sees only their hashes.
 *
 * @param kinds how many of them differ: a Blob object each, but one certificate for equal ones
 */
export function madeUpBlobs(
  count: number,
  change: Partial<BlobPlan> = {},
  kinds = count,
): BlobPlan[] {
  return Array.from({ length: count }, (_, at) => {
    const i = at % kinds;
    const { unencodedBytes = 1_000 + i } = change;
    const root = BigInt(i + 1) << 64n;
    return {
      blobId: formatBlobId(blobIdFromInteger(deriveBlobId(root, 1, BigInt(unencodedBytes)))),
      rootHash: blobIdFromInteger(root),
      encodedBytes: encodedLength(unencodedBytes, SHARD_COUNT),
      ...{ unencodedBytes, deletable: true, attributes: [], storage: { epochs: 2 } },
      ...change,
    };
  });
}
