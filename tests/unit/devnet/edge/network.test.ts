import { afterEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import {
  bytesOf,
  memoryDoors,
  memoryNetwork,
  officialClients,
  quiet,
} from '../../../support/devnet/local-network.ts';

describe('a network in one process', () => {
  let network: LocalNetwork;
  afterEach(() => network.close());

  const store = async (blob: Uint8Array, epochs = 5) => {
    const { walrus, signer } = officialClients(network);
    const { blobId } = await walrus.writeBlob({ blob, deletable: false, epochs, signer });
    return blobId;
  };
  const aggregated = async (path: string) => {
    const { aggregator } = network.services;
    const response = await aggregator.handle(new Request(`http://aggregator.test${path}`));
    return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
  };

  it('takes a blob from the official client, which reads it back', async () => {
    network = await memoryNetwork();
    const blob = bytesOf(5_000);
    const blobId = await store(blob);
    const { walrus } = officialClients(network);
    expect(Buffer.compare(await walrus.readBlob({ blobId }), blob)).toBe(0);
  });

  it('heals: a node dies for good, its shards are rebuilt elsewhere, every blob is there', async () => {
    network = await memoryNetwork();
    const blobs = [bytesOf(1), bytesOf(700, 2), bytesOf(9_000, 3)];
    const ids: string[] = [];
    for (const blob of blobs) ids.push(await store(blob));
    await quiet(network);
    const [dead] = network.nodes;
    if (dead === undefined) throw new Error('no node');
    await dead.kill();
    await network.epochs.retire(dead.identity.nodeId);
    await network.epochs.advance();
    await quiet(network);

    const { epoch, epochState, current } = network.life.port.state();
    expect([epoch, epochState.kind]).toEqual([2, 'done']);
    expect(current.members.map(({ nodeId }) => nodeId)).not.toContain(dead.identity.nodeId);
    for (const [i, blobId] of ids.entries()) {
      const strict = await aggregated(`/v1/blobs/${blobId}?strict_consistency_check=true`);
      expect(strict.status).toBe(200);
      expect(Buffer.compare(strict.bytes, blobs[i] as Uint8Array)).toBe(0);
      const { walrus } = officialClients(network);
      expect(Buffer.compare(await walrus.readBlob({ blobId }), blobs[i] as Uint8Array)).toBe(0);
      // Every shard of the new committee holds both slivers of its pair.
      const slivers = network.nodes
        .filter(({ node }) => node !== undefined)
        .flatMap(({ node }) => node?.core.store.pairs(blobId, 'primary') ?? []);
      expect(new Set(slivers).size).toBe(13);
    }
  });

  it('goes on after the death of the chain, and of all of it, from disk and log', async () => {
    const doors = await memoryDoors();
    network = await memoryNetwork({}, doors);
    const blob = bytesOf(3_000);
    const blobId = await store(blob);
    const { chainId } = network.life.chain.ledger;
    const digests = network.life.chain.ledger.transactions.map(({ tx }) => tx.digest);
    await network.services.rpc.kill();
    await network.services.rpc.start();
    const second = bytesOf(3_000, 2);
    const secondId = await store(second);
    await network.close();

    network = await memoryNetwork({}, doors);
    const { ledger } = network.life.chain;
    expect(ledger.chainId).toBe(chainId);
    expect(ledger.transactions.map(({ tx }) => tx.digest).slice(0, digests.length)).toEqual(
      digests,
    );
    for (const [id, expected] of [
      [blobId, blob],
      [secondId, second],
    ] as const) {
      const read = await aggregated(`/v1/blobs/${id}`);
      expect(Buffer.compare(read.bytes, expected)).toBe(0);
    }
  });

  it('charges the prices that the operators vote for', async () => {
    network = await memoryNetwork();
    await network.epochs.setPrices({ storagePrice: 7n, writePrice: 3n });
    const { system } = network.life.port.contract;
    expect([system.storage_price_per_unit_size, system.write_price_per_unit_size]).toEqual([
      7n,
      3n,
    ]);
    const { walrus } = officialClients(network);
    const { storageCost, writeCost } = await walrus.storageCost(1, 2);
    expect([storageCost, writeCost]).toEqual([14n, 3n]);
  });

  it('draws delays and faults apart from keys and IDs, if asked', async () => {
    const made: [chance: Uint8Array | undefined, ids: unknown, node: unknown][] = [];
    for (const chance of ['one', 'one', 'two']) {
      network = await memoryNetwork({ chance });
      const [node] = network.nodes;
      const { secretKey, nodeId } = node?.identity ?? {};
      made.push([node?.engine.random.bytes(16), network.life.ids, { secretKey, nodeId }]);
      if (made.length < 3) await network.close();
    }
    const [first, again, other] = made;
    expect(again).toEqual(first);
    expect(other?.slice(1)).toEqual(first?.slice(1));
    expect(other?.[0]).not.toEqual(first?.[0]);
  });

  it('moves shards to a node with more stake', async () => {
    network = await memoryNetwork();
    const blobId = await store(bytesOf(2_000));
    const [node] = network.nodes;
    if (node === undefined) throw new Error('no node');
    const weight = () =>
      network.life.port.state().current.members.find((m) => m.nodeId === node.identity.nodeId)
        ?.weight;
    expect(weight()).toBe(3);
    await network.epochs.stake(node.identity.nodeId, 40_000n * 10n ** 9n);
    await network.epochs.advance();
    await quiet(network);
    expect(weight()).toBeGreaterThan(3);
    expect((await aggregated(`/v1/blobs/${blobId}`)).status).toBe(200);
  });
});
