import { WalrusClient } from '@mysten/walrus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignShards, makeIdentities, PROFILES } from '../../src/devnet/committee.ts';
import { NodeFleet } from '../../src/devnet/fleet.ts';
import { FleetPorts } from '../../src/devnet/fleet-ports.ts';
import { verifyCertificate } from '../../src/protocol/certificate.ts';
import { quorumWeight } from '../../src/protocol/committee.ts';
import { readConfirmation } from '../../src/protocol/messages.ts';
import { systemClock } from '../../src/workers/doors.ts';
import { ChainDouble, committeeOf, objectIdOf } from '../support/devnet/chain-double.ts';
import { officialClient, STAKING_ID, SYSTEM_ID } from '../support/devnet/official-objects.ts';
import { fleetOptions, settled } from '../support/devnet/test-fleet.ts';

/** The official package, as published, against our storage nodes over HTTP. */
async function network(weights: readonly number[]) {
  let fleet: NodeFleet | undefined;
  const ports = await FleetPorts.open({
    count: weights.length,
    basePort: 0,
    clock: systemClock,
    handler: (index, request) => (fleet as NodeFleet).handle(index, request),
  });
  const identities = makeIdentities('interop', weights.length);
  const committee = committeeOf(5, identities, assignShards(weights), ports.addresses);
  const chain = new ChainDouble(committee);
  const options = await fleetOptions({
    weights,
    identities,
    source: { kind: 'follow', port: chain },
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
  } as never);
  return {
    fleet,
    chain,
    committee,
    client,
    close: async () => {
      await fleet?.stop();
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

describe('the official package', () => {
  let net: Network;
  beforeAll(async () => {
    net = await network(PROFILES.tiny);
  });
  afterAll(() => net.close());

  it.each([false, true])('writes and reads a blob, deletable: %s', async (deletable) => {
    const { fleet, committee, client } = net;
    const blob = bytesOf(deletable ? 5_000 : 70_001);
    const encoded = await client.encodeBlob(blob);
    const { blobId, metadata, sliversByNode } = encoded;
    const objectId = register(net, blobId, blob.length, deletable);
    await settled(fleet);

    fleet.log.clear();
    const begin = fleet.log.next;
    const confirmations = await client.writeEncodedBlobToNodes({
      blobId,
      metadata,
      sliversByNode,
      deletable,
      objectId,
    });
    const written = fleet.log.since(begin);
    expect(written).toHaveLength(3 * 5 + 2 * 13);
    expect(written.filter(({ status }) => status >= 400 || status === 0)).toEqual([]);

    const certificate = await client.certificateFromConfirmations({
      confirmations,
      blobId,
      deletable,
      blobObjectId: objectId,
    });
    const ours = {
      signers: [...certificate.signers],
      message: Uint8Array.from(certificate.serializedMessage),
      signature: Uint8Array.from(certificate.signature),
    };
    expect(verifyCertificate(committee, ours)).toBe(true);
    expect(readConfirmation(ours.message)?.epoch).toBe(5);
    expect(ours.signers.length).toBeGreaterThanOrEqual(4);
    expect(quorumWeight(13)).toBe(9);

    const readFrom = fleet.log.next;
    expect(Buffer.compare(await client.readBlob({ blobId }), blob)).toBe(0);
    // At least metadata and one sliver more than it takes; at most twice that.
    const reads = fleet.log.since(readFrom).length;
    expect(reads).toBeGreaterThanOrEqual(7);
    expect(reads).toBeLessThanOrEqual(11);
  });
});
