import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { WalrusClient } from '@mysten/walrus';
import type { NetworkDescription } from '../../src/devnet/describe.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import { fetchTransport } from '../../src/network/fetch-door.ts';
import { verifyCertificate } from '../../src/protocol/certificate.ts';
import type { StorageCommittee } from '../../src/protocol/committee.ts';
import { putBlob } from '../../src/transfer/put-blob.ts';
import { systemClock, systemRandom } from '../../src/workers/doors.ts';
import { kernelEncode } from '../support/kernel-blob.ts';

const TRIES = 4;

export interface Laps {
  /** from slivers in memory to a certificate, in ms */
  readonly ms: number;
  /** until the last node is done, too */
  readonly allMs: number;
}

function official({ rpcUrl, systemObjectId, stakingObjectId, accounts }: NetworkDescription) {
  const walrus = new WalrusClient({
    suiClient: new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl }),
    packageConfig: { systemObjectId, stakingPoolId: stakingObjectId },
    storageNodeUrlScheme: 'http',
    storageNodeClientOptions: { timeout: 600_000 },
  } as ConstructorParameters<typeof WalrusClient>[0]);
  return { walrus, signer: Ed25519Keypair.fromSecretKey(accounts[0]?.secretKey ?? '') };
}

type Official = ReturnType<typeof official>;

async function register(
  { walrus, signer }: Official,
  blob: { blobId: string; rootHash: Uint8Array },
  size: number,
) {
  const { blobId, rootHash } = blob;
  const options = { blobId, rootHash, size, epochs: 1, deletable: false, signer };
  return (await walrus.executeRegisterBlobTransaction(options)).blob.id;
}

/**
 * The official package: everything to all nodes, then the certificate. It opens a connection for every sliver at once,
 * which fails now and then: it may try again, and only the time of the try that succeeds counts.
 */
export async function byOfficial(network: NetworkDescription, bytes: Uint8Array): Promise<Laps> {
  const client = official(network);
  const { walrus } = client;
  const { blobId, rootHash, metadata, sliversByNode } = await walrus.encodeBlob(bytes);
  const blobObjectId = await register(client, { blobId, rootHash }, bytes.length);
  const blob = { blobId, metadata, sliversByNode, deletable: false, objectId: blobObjectId };
  for (let tries = 1; ; tries++) {
    const begin = performance.now();
    try {
      const confirmations = await walrus.writeEncodedBlobToNodes(blob);
      await walrus.certificateFromConfirmations({
        ...{ confirmations, blobId, blobObjectId, deletable: false },
      });
      const ms = performance.now() - begin;
      return { ms, allMs: ms };
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

/** Ours: to the quorum, then the rest. */
export async function byUs(network: NetworkDescription, bytes: Uint8Array): Promise<Laps> {
  const client = official(network);
  const blob = kernelEncode(new Kernel(await loadKernel()), network.shardCount, bytes);
  await register(client, blob, bytes.length);
  const committee = await committeeOf(client, network);
  const begin = performance.now();
  const outcome = await putBlob(
    {
      ...{ transport: fetchTransport(systemClock), clock: systemClock, random: systemRandom },
      nodeUrl: (address) => `http://${address}`,
    },
    {
      blobId: blob.blobId,
      metadata: blob.metadata,
      unencodedBytes: bytes.length,
      registration: {},
      committee: async () => committee,
      slivers: (pair, axis) => {
        const slivers = axis === 'primary' ? blob.primarySlivers : blob.secondarySlivers;
        return slivers[pair] as Uint8Array<ArrayBuffer>;
      },
    },
    new AbortController().signal,
  );
  const ms = performance.now() - begin;
  if (!verifyCertificate(committee, outcome.certificate)) throw new Error('a wrong certificate');
  await outcome.tail;
  return { ms, allMs: performance.now() - begin };
}

async function committeeOf(
  { walrus }: Official,
  { nodes }: NetworkDescription,
): Promise<StorageCommittee> {
  const { committee, epoch } = await walrus.stakingState();
  const { committee: bls } = await walrus.systemState();
  const members = bls.members.map((member, i) => {
    const { key, value } = committee[0].contents[i] ?? {};
    if (key !== member.node_id || value === undefined) throw new Error('two orders of members');
    const url = nodes.find(({ nodeId }) => nodeId === key)?.url ?? '';
    return {
      nodeId: key,
      publicKey: Uint8Array.from(member.public_key.bytes),
      weight: member.weight,
      networkAddress: url.replace('http://', ''),
      shards: value,
    };
  });
  return { epoch, shardCount: bls.n_shards, members };
}
