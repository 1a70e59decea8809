import { WalrusClient } from '@mysten/walrus';
import { bls12381_min_pk_verify_aggregate } from '@mysten/walrus-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignShards, makeIdentities, PROFILES } from '../../src/devnet/committee.ts';
import { NodeFleet } from '../../src/devnet/fleet.ts';
import type { LogEntry } from '../../src/devnet/request-log.ts';
import { ThreadedVerifier } from '../../src/devnet/verify/threads-door.ts';
import type { Verifier } from '../../src/devnet/verify/verifier.ts';
import { verifyCertificate } from '../../src/protocol/certificate.ts';
import { readConfirmation } from '../../src/protocol/messages.ts';
import { ChainDouble, committeeOf, objectIdOf } from '../support/devnet/chain-double.ts';
import { officialClient, STAKING_ID, SYSTEM_ID } from '../support/devnet/official-objects.ts';
import { fleetOptions, fleetPorts, kernelModule, settled } from '../support/devnet/test-fleet.ts';
import { SOAK } from '../support/seed.ts';

/** The official package, as published, against our storage nodes over HTTP. */
async function network(weights: readonly number[], verifier?: Verifier) {
  let fleet: NodeFleet | undefined;
  const ports = await fleetPorts(weights.length, (index, request) => {
    return (fleet as NodeFleet).handle(index, request);
  });
  const identities = makeIdentities('interop', weights.length);
  const committee = committeeOf(5, identities, assignShards(weights), ports.addresses);
  const chain = new ChainDouble(committee);
  const options = await fleetOptions({
    weights,
    identities,
    source: { kind: 'follow', port: chain },
    ...(verifier ? { verifier } : {}),
  });
  fleet = new NodeFleet({ ...options, onPort: (index, open) => ports.set(index, open) });
  fleet.slots.forEach((slot, i) => {
    slot.networkAddress = ports.addresses[i] as string;
  });
  await fleet.start();
  await settled(fleet);
  const client = new WalrusClient({
    packageConfig: { systemObjectId: SYSTEM_ID, stakingPoolId: STAKING_ID },
    suiClient: officialClient(() => chain.state()) as never,
    storageNodeUrlScheme: 'http',
    // Client and network share this process: at n = 1000 the default of 30 s is not for the network alone.
    storageNodeClientOptions: { timeout: 300_000 },
  } as never);
  return {
    fleet,
    chain,
    committee,
    client,
    close: async () => {
      await fleet?.stop();
      await options.verifier.close();
      await ports.close();
    },
  };
}

type Network = Awaited<ReturnType<typeof network>>;

function register({ chain }: Network, blobId: string, size: number, deletable: boolean): string {
  const objectId = objectIdOf(`blob ${blobId.slice(0, 8)}`);
  const body = { kind: 'blob-registered', epoch: 5, blobId, size, encodingType: 1 } as const;
  chain.emit({ ...body, endEpoch: 9, deletable, objectId });
  return objectId;
}

const bytesOf = (length: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 7)) & 255);

/** Writes and reads a blob with the official package; gives the exchanges of both. */
async function roundTrip(net: Network, blob: Uint8Array, deletable: boolean) {
  const { fleet, committee, client } = net;
  const { blobId, metadata, sliversByNode } = await client.encodeBlob(blob);
  const objectId = register(net, blobId, blob.length, deletable);
  await settled(fleet);
  fleet.log.clear();
  const about = { blobId, deletable };
  const confirmations = await client.writeEncodedBlobToNodes({
    ...{ ...about, metadata, sliversByNode, objectId },
  });
  const written = fleet.log.since();
  const certificate = await client.certificateFromConfirmations({
    ...{ ...about, confirmations, blobObjectId: objectId },
  });
  const ours = {
    signers: [...certificate.signers],
    message: Uint8Array.from(certificate.serializedMessage),
    signature: Uint8Array.from(certificate.signature),
  };
  expect(verifyCertificate(committee, ours)).toBe(true);
  const keys = ours.signers.map((signer) => committee.members[signer]?.publicKey);
  expect(bls12381_min_pk_verify_aggregate(keys, ours.message, ours.signature)).toBe(true);
  const otherMessage = ours.message.with(3, 6); // of another epoch
  expect(bls12381_min_pk_verify_aggregate(keys, otherMessage, ours.signature)).toBe(false);
  expect(readConfirmation(ours.message)?.epoch).toBe(5);
  fleet.log.clear();
  expect(Buffer.compare(await client.readBlob({ blobId }), blob)).toBe(0);
  return { written, read: fleet.log.since() };
}

const failed = (entries: readonly LogEntry[]) =>
  entries.filter(({ status }) => status >= 400 || status === 0);

const repeat = (step: string, count: number): string[] => Array(count).fill(step);

/** What a request asks for, without the names of blob, pair and object. */
const stepOf = ({ method, path }: LogEntry) =>
  `${method} ${path
    .split('/')
    .slice(4)
    .filter((part) => !/^(slivers|\d+|0x[0-9a-f]+)$/.test(part))
    .join(' ')}`;

describe('the official package at n = 13, five nodes', () => {
  let net: Network;
  beforeAll(async () => {
    net = await network(PROFILES.tiny);
  });
  afterAll(() => net.close());

  it.each([
    [70_001, false],
    [5_000, true],
    [1, false],
  ])(
    'writes %i bytes with 41 requests, deletable: %s, and reads them',
    async (length, deletable) => {
      const { written, read } = await roundTrip(net, bytesOf(length), deletable);
      expect(failed(written)).toEqual([]);
      expect(written).toHaveLength(3 * 5 + 2 * 13);
      const count = (method: string, part: string) =>
        written.filter((entry) => entry.method === method && entry.path.endsWith(part)).length;
      expect(count('GET', '/metadata/status')).toBe(5);
      expect(count('PUT', '/metadata')).toBe(5);
      expect(count('PUT', '/primary')).toBe(13);
      expect(count('PUT', '/secondary')).toBe(13);
      expect(written.filter(({ path }) => path.includes('/confirmation/'))).toHaveLength(5);
      for (const [node, weight] of PROFILES.tiny.entries()) {
        const kind = deletable ? 'confirmation deletable' : 'confirmation permanent';
        const slivers = [...repeat('PUT primary', weight), ...repeat('PUT secondary', weight)];
        const steps = written.filter((entry) => entry.node === node).map(stepOf);
        // Slivers come all at once; what is asked before and after them does not.
        expect(steps.slice(0, 2)).toEqual(['GET metadata status', 'PUT metadata']);
        expect(steps.slice(2, -1).sort()).toEqual(slivers);
        expect(steps.at(-1)).toBe(`GET ${kind}`);
      }
      expect(failed(read)).toEqual([]);
      expect(read.length).toBeGreaterThanOrEqual(7);
      expect(read.length).toBeLessThanOrEqual(11);
      const [metadata, ...slivers] = read.map(stepOf);
      expect(metadata).toBe('GET metadata');
      expect(slivers).toEqual(repeat('GET primary', slivers.length));
    },
  );

  it('tells of a node that says that it does not know the registration, and asks again', async () => {
    const { fleet } = net;
    const late = { type: 'status', status: 400, reason: 'NOT_REGISTERED' } as const;
    const match = { method: 'PUT', route: 'metadata', times: 1 } as const;
    await fleet.setFaults(0, [{ match, action: late }]);
    const { written } = await roundTrip(net, bytesOf(333), false);
    await fleet.setFaults(0, []);
    expect(written).toHaveLength(42);
  });

  it('reads what it is told about a blob', async () => {
    const { client, fleet } = net;
    const blob = bytesOf(4_321);
    const { blobId } = await client.encodeBlob(blob);
    expect(await client.getVerifiedBlobStatus({ blobId })).toMatchObject({ type: 'nonexistent' });
    register(net, blobId, blob.length, false);
    await settled(fleet);
    const status = await client.getVerifiedBlobStatus({ blobId });
    expect(status).toMatchObject({ type: 'permanent', isCertified: false, endEpoch: 9 });
  });
});

describe('the official package at n = 13, thirteen nodes', () => {
  it('goes round nodes that do not answer', async () => {
    const net = await network(PROFILES.wide);
    for (const index of [1, 4]) await net.fleet.setFaults(index, [{ action: { type: 'refuse' } }]);
    for (const index of [7, 9]) {
      const action = { type: 'status', status: 503 } as const;
      await net.fleet.setFaults(index, [{ action }]);
    }
    const { written } = await roundTrip(net, bytesOf(20_000), true);
    expect(written.filter(({ method, status }) => method === 'PUT' && status === 201)).toHaveLength(
      9 * 3,
    );
    await net.close();
  });
});

describe('the official package at n = 1000', () => {
  const [short, long] = [1_000, 1 << 20];
  it.each(
    SOAK
      ? ([
          ['handful-real', long],
          ['real', long],
        ] as const)
      : ([['handful-real', short]] as const),
  )(
    'writes and reads, %s, %i bytes',
    async (profile, length) => {
      const weights = PROFILES[profile];
      const net = await network(weights, new ThreadedVerifier(await kernelModule(), 2));
      const { written, read } = await roundTrip(net, bytesOf(length), true);
      expect(failed(written)).toEqual([]);
      expect(written).toHaveLength(3 * weights.length + 2_000);
      expect(read.length).toBeGreaterThanOrEqual(336);
      expect(read.length).toBeLessThanOrEqual(669);
      await net.close();
    },
    600_000,
  );
});
