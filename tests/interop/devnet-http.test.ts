import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { WalrusClient, WalrusFile, walrus as walrusExtension } from '@mysten/walrus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/devnet/committee.ts';
import { type ServedNetwork, serveNetwork } from '../../src/devnet/served-network.ts';
import { bytesOf, memoryDoors } from '../support/devnet/local-network.ts';

/** The official packages as published, over sockets: what they need is what the network prints. */
describe('the official packages over HTTP', () => {
  let served: ServedNetwork;
  let sui: SuiGrpcClient;
  let walrus: WalrusClient;
  let signer: Ed25519Keypair;

  const client = (relay?: object) =>
    new WalrusClient({
      suiClient: sui,
      packageConfig: {
        systemObjectId: served.description.systemObjectId,
        stakingPoolId: served.description.stakingObjectId,
      },
      storageNodeUrlScheme: 'http',
      ...(relay ? { uploadRelay: { host: served.description.relayUrl, ...relay } } : {}),
    } as ConstructorParameters<typeof WalrusClient>[0]);
  const admin = async (method: string, path: string, body?: unknown) => {
    const { adminUrl, adminToken } = served.description;
    const response = await fetch(`${adminUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status).toBe(200);
    return response.json();
  };
  const nodeRequests = async (since = 0) =>
    (await admin('GET', `/admin/log?since=${since}`)).entries;

  beforeAll(async () => {
    served = await serveNetwork({
      settings: { weights: PROFILES.tiny, seed: 'interop', chainDelayMs: [0, 20] },
      doors: await memoryDoors(),
      basePort: 0,
      adminToken: 'interop',
    });
    const { rpcUrl, accounts } = served.description;
    sui = new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl });
    signer = Ed25519Keypair.fromSecretKey(accounts[0]?.secretKey ?? '');
    walrus = client();
  }, 60_000);
  afterAll(() => served.close());

  it('write 41 requests and read a blob', async () => {
    const blob = bytesOf(40_000);
    const { next } = await admin('GET', '/admin/log?since=0');
    const { blobId, blobObject } = await walrus.writeBlob({
      ...{ blob, deletable: true, epochs: 3, signer },
    });
    const written = await nodeRequests(next);
    // A node that has not heard of the registration is asked once more.
    const again = written.filter(({ status }: { status: number }) => status === 400).length;
    expect(written.length - again).toBe(3 * 5 + 2 * 13);
    expect(blobObject.certified_epoch).toBe(1);
    expect(Buffer.compare(await client().readBlob({ blobId }), blob)).toBe(0);
  });

  it('write and read as an extension of the Sui client, which has to be called testnet', async () => {
    const { rpcUrl, systemObjectId, stakingObjectId } = served.description;
    const extended = new SuiGrpcClient({ network: 'testnet', baseUrl: rpcUrl }).$extend(
      walrusExtension({
        packageConfig: { systemObjectId, stakingPoolId: stakingObjectId },
        storageNodeUrlScheme: 'http',
      }),
    ).walrus;
    const [system, staking] = [await extended.systemState(), await extended.stakingState()];
    expect([system.committee.n_shards, staking.epoch]).toEqual([13, 1]);
    expect((await extended.storageCost(100, 2)).totalCost).toBeGreaterThan(0n);
    const blob = bytesOf(9_000, 6);
    const attributes = { 'content-type': 'image/png' };
    const { blobId, blobObject } = await extended.writeBlob({
      ...{ blob, deletable: true, epochs: 2, signer, attributes },
    });
    expect(await extended.readBlobAttributes({ blobObjectId: blobObject.id })).toEqual(attributes);
    expect(Buffer.compare(await extended.readBlob({ blobId }), blob)).toBe(0);
  });

  it('extend, give attributes and delete', async () => {
    const owner = signer.toSuiAddress();
    const attributes = { name: 'first' };
    const { blobObject } = await walrus.writeBlob({
      ...{ blob: bytesOf(100, 2), deletable: true, epochs: 2, signer, attributes },
    });
    const blobObjectId = blobObject.id;
    expect(await walrus.readBlobAttributes({ blobObjectId })).toEqual({ name: 'first' });
    const { digest } = await walrus.executeExtendBlobTransaction({
      blobObjectId,
      epochs: 3,
      signer,
    });
    await sui.core.waitForTransaction({ digest });
    const changed = { name: null, kind: 'second' };
    const set = { blobObjectId, attributes: changed, signer };
    await sui.core.waitForTransaction(await walrus.executeWriteBlobAttributesTransaction(set));
    expect(await walrus.readBlobAttributes({ blobObjectId })).toEqual({ kind: 'second' });
    const { newest } = await admin('GET', '/admin/blobs');
    const isIt = ({ objectId }: { objectId: string }) => objectId === blobObjectId;
    expect(newest.find(isIt)).toMatchObject({ endEpoch: 1 + 2 + 3 });
    const before = await sui.core.getBalance({ owner });
    await sui.core.waitForTransaction(
      await walrus.executeDeleteBlobTransaction({ blobObjectId, signer }),
    );
    expect((await admin('GET', '/admin/blobs')).newest.find(isIt)).toBeUndefined();
    // Its storage is paid back, all but a hundredth.
    const after = await sui.core.getBalance({ owner });
    expect(BigInt(after.balance.balance)).toBeGreaterThan(
      BigInt(before.balance.balance) - 2_000_000n,
    );
  });

  it('write files as a quilt and read them', async () => {
    const contents = [bytesOf(10, 1), bytesOf(2_000, 2), bytesOf(0, 3)];
    const files = contents.map((each, i) =>
      WalrusFile.from({ contents: each, identifier: `file-${i}`, tags: { n: `${i}` } }),
    );
    const written = await walrus.writeFiles({ files, epochs: 2, deletable: false, signer });
    const read = await client().getFiles({ ids: written.map(({ id }) => id) });
    for (const [i, file] of read.entries()) {
      expect(Buffer.compare(await file.bytes(), contents[i] as Uint8Array)).toBe(0);
      expect(await file.getIdentifier()).toBe(`file-${i}`);
      expect(await file.getTags()).toEqual({ n: `${i}` });
    }
    // A file of one column is one request.
    const { next } = await admin('GET', '/admin/log?since=0');
    const [small] = await client().getFiles({ ids: written.slice(0, 1).map(({ id }) => id) });
    expect(Buffer.compare((await small?.bytes()) ?? new Uint8Array(), bytesOf(10, 1))).toBe(0);
    expect((await nodeRequests(next)).map(({ path }: { path: string }) => path)).toEqual([
      expect.stringMatching(/\/slivers\/\d+\/secondary$/),
    ]);
    const { aggregatorUrl } = served.description;
    const [, second] = written;
    const path = `${aggregatorUrl}/v1/blobs/by-quilt-patch-id/${second?.id}`;
    const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer());
    expect(Buffer.compare(bytes, contents[1] as Uint8Array)).toBe(0);
  });

  it('upload through the relay, with a tip', async () => {
    await admin('PUT', '/admin/relay', { tip: 'linear:1000,2' });
    const relayed = client({ sendTip: { max: 100_000 } });
    const blob = bytesOf(3_000, 4);
    const { blobId } = await relayed.writeBlob({ blob, deletable: true, epochs: 2, signer });
    expect(Buffer.compare(await client().readBlob({ blobId }), blob)).toBe(0);
    const { tipAddress } = served.network;
    const { balance } = await sui.core.getBalance({ owner: tipAddress });
    // base, and two for every KiB of the encoded blob
    expect(Number(balance.balance)).toBe(1_000 + 2 * Math.ceil(relayedBytes(3_000) / 1_024));
    await admin('PUT', '/admin/relay', { tip: 'const:5000' });
    const stingy = client({ sendTip: { max: 1_000 } });
    const refused = stingy.writeBlob({ blob: bytesOf(9, 5), deletable: true, epochs: 2, signer });
    await expect(refused).rejects.toThrow();
    await admin('PUT', '/admin/relay', { tip: 'none' });
  });

  it('get coins from the faucet, send them on, and follow a price that changes', async () => {
    const { faucetUrl, walType } = served.description;
    const key = new Ed25519Keypair();
    const owner = key.toSuiAddress();
    const response = await fetch(`${faucetUrl}/v2/gas`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ FixedAmountRequest: { recipient: owner } }),
    });
    expect((await response.json()).status).toBe('Success');
    const { balance } = await sui.core.getBalance({ owner, coinType: walType });
    expect(balance.balance).toBe(`${1_000n * 10n ** 9n}`);
    const tx = new Transaction();
    tx.transferObjects([tx.splitCoins(tx.gas, [5])], signer.toSuiAddress());
    const sent = await key.signAndExecuteTransaction({ transaction: tx, client: sui });
    expect(sent.$kind).toBe('Transaction');
    await admin('POST', '/admin/price', { storage: 1_000, write: 10 });
    const { storageCost } = await client().storageCost(1, 1);
    expect(storageCost).toBe(1_000n);
  });

  it('write and read while a third of the shards is down, and after an epoch has ended', async () => {
    // A client that knew the price of before would bring the wrong amount: the official one keeps what it has read.
    const { blobId } = await client().writeBlob({
      ...{ blob: bytesOf(600, 7), deletable: false, epochs: 4, signer },
    });
    await admin('POST', '/admin/epoch');
    await expect
      .poll(async () => (await admin('GET', '/admin/state')).epochState.kind, { timeout: 20_000 })
      .toBe('done');
    await admin('POST', '/admin/preset', { name: 'one-third-down' });
    const { aggregatorUrl } = served.description;
    const bytes = new Uint8Array(
      await (await fetch(`${aggregatorUrl}/v1/blobs/${blobId}`)).arrayBuffer(),
    );
    expect(Buffer.compare(bytes, bytesOf(600, 7))).toBe(0);
    const fresh = client();
    const again = await fresh.writeBlob({
      ...{ blob: bytesOf(700, 8), deletable: false, epochs: 2, signer },
    });
    expect(again.blobObject.certified_epoch).toBe(2);
    await admin('DELETE', '/admin/preset');
  });

  it('cannot be reached by another name', async () => {
    const { adminUrl, rpcUrl, relayUrl, nodes } = served.description;
    for (const url of [adminUrl, rpcUrl, relayUrl, nodes[0]?.url ?? '']) {
      const status = await new Promise<number>((resolve, reject) => {
        import('node:http').then(({ get }) =>
          get(url, { headers: { host: 'evil.example' } }, (answer) => {
            answer.resume();
            resolve(answer.statusCode ?? 0);
          }).on('error', reject),
        );
      });
      expect(status).toBe(421);
    }
  });
});

/** n = 13: metadata of all nodes and both slivers of every pair */
function relayedBytes(length: number): number {
  const symbol = Math.ceil(length / 45);
  return 13 * (64 * 13 + 32) + 14 * 13 * (symbol + (symbol % 2));
}
