import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { WalrusClient } from '@mysten/walrus';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/devnet/committee.ts';
import { PRESET_NAMES } from '../../src/devnet/presets.ts';
import { type ServedNetwork, serveNetwork } from '../../src/devnet/served-network.ts';
import { createHaulout, keypairWallet, type Quote, type StoredFile } from '../../src/index.ts';
import type { WalletPort } from '../../src/protocol/ports.ts';
import { bytesOf, memoryDoors, quiet } from '../support/devnet/local-network.ts';
import { judge } from '../support/flows/judge.ts';
import { officialRead } from '../support/official-read.ts';
import { SOAK } from '../support/seed.ts';

let served: ServedNetwork;

/** A wallet of the network's account number `index` that counts how often it is asked. */
function walletOf(index: number) {
  const { secretKey = '' } = served.description.accounts[index] ?? {};
  const wallet = keypairWallet(Ed25519Keypair.fromSecretKey(secretKey));
  let approvals = 0;
  const counting: WalletPort = {
    ...wallet,
    sign(bytes, signal) {
      approvals++;
      return wallet.sign(bytes, signal);
    },
  };
  return { wallet: counting, approvals: () => approvals, address: wallet.account()?.address ?? '' };
}

function officialReader() {
  const { rpcUrl, systemObjectId, stakingObjectId } = served.description;
  return new WalrusClient({
    suiClient: new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl }),
    packageConfig: { systemObjectId, stakingPoolId: stakingObjectId },
    storageNodeUrlScheme: 'http',
  });
}

async function admin(method: string, path: string, body?: unknown) {
  const { adminUrl, adminToken } = served.description;
  const response = await fetch(`${adminUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return response.json();
}

beforeAll(async () => {
  served = await serveNetwork({
    settings: {
      ...{ weights: PROFILES.tiny, seed: 'store', chainDelayMs: [0, 50] },
      ...{ heal: { deferMs: 500, retryMs: 100 } },
    },
    doors: await memoryDoors(),
    basePort: 0,
    adminToken: 'store',
  });
}, 180_000);
afterAll(() => served.close());

/** What is stored is what was given: read through the official package from the nodes. */
async function expectReadable(files: readonly StoredFile[], contents: readonly Uint8Array[]) {
  const reader = officialReader();
  for (const [i, { blobId, error }] of files.entries()) {
    expect(error).toBeUndefined();
    const read = await officialRead(reader, blobId);
    expect(Buffer.compare(read, contents[i] as Uint8Array)).toBe(0);
  }
}

const contentsOf = (count: number, salt: number) =>
  Array.from({ length: count }, (_, i) => {
    // No two alike, whatever the salt.
    const bytes = bytesOf(24 + ((i * 131 + salt * 7) % 400), salt);
    new DataView(bytes.buffer).setUint32(0, salt * 10_000 + i);
    return bytes;
  });

describe('files stored over HTTP', () => {
  let spent = 0n;
  // Batches of 100 and 250 are registered in process in tests/unit/chain, too.
  it.each(SOAK ? [1, 3, 100, 250] : [1, 3])(
    '%i of them take one approval',
    async (count) => {
      const { wallet, approvals, address } = walletOf(0);
      const client = createHaulout({ network: served.description, wallet });
      const contents = contentsOf(count, count);
      const quote = await client.quote(contents, { epochs: 2, deletable: count !== 3 });
      expect(quote.approvals).toBe(1);
      const files = await client.store(quote).result();
      expect(approvals()).toBe(1);
      expect(new Set(files.map(({ blobObjectId }) => blobObjectId)).size).toBe(count);
      spent += quote.cost.walFrost;
      expect(judge(served.network).spentFrost(address)).toBe(spent);
      const some = files.filter((_, i) => i % 10 === 0 || i === files.length - 1);
      await expectReadable(
        some,
        contents.filter((_, i) => i % 10 === 0 || i === files.length - 1),
      );
      expect(await client.openJobs()).toEqual([]);
    },
    1_200_000,
  );

  it.each(['direct', 'relay'] as const)(
    'go the way that is wanted: %s',
    async (path) => {
      await admin('PUT', '/admin/relay', { tip: 'linear:1000,2' });
      const { wallet, approvals } = walletOf(1);
      const client = createHaulout({ network: served.description, wallet });
      const contents = [bytesOf(3_000, path.length)];
      const attributes = { name: path };
      const quote = await client.quote(contents, { epochs: 2, deletable: true, path, attributes });
      expect(quote.cost.tipMist > 0n).toBe(path === 'relay');
      const job = client.store(quote);
      const files = await job.result();
      expect(job.snapshot.files[0]?.path).toBe(path);
      expect(approvals()).toBe(1);
      await expectReadable(files, contents);
      const { blobObjectId = '' } = files[0] ?? {};
      expect(await officialReader().readBlobAttributes({ blobObjectId })).toEqual(attributes);
      await admin('PUT', '/admin/relay', { tip: 'none' });
    },
    60_000,
  );

  it('bring receipts that hold, offline and on chain', async () => {
    const { wallet } = walletOf(1);
    const client = createHaulout({ network: served.description, wallet });
    const quote = await client.quote([bytesOf(99, 31)], { epochs: 2, deletable: true });
    const [file] = await client.store(quote).result();
    const report = await client.verifyReceipt(file?.receipt ?? '');
    expect(report.offline.proven).toContain('blobObjectId');
    expect(report.onChain).toMatchObject({ status: 'answered' });
    const { checks = [] } = report.onChain as { checks?: readonly { verdict: string }[] };
    expect(checks.length).toBeGreaterThan(5);
    expect(checks.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  }, 60_000);
});

describe('a bad day', () => {
  afterEach(async () => {
    await admin('DELETE', '/admin/preset');
    await quiet(served.network);
  });

  it.each(SOAK ? PRESET_NAMES : (['liars', 'relay-dies', 'epoch-change-mid-upload'] as const))(
    '%s: files are stored with one approval, or safe and stored after it',
    async (name) => {
      const { wallet, approvals, address } = walletOf(2);
      const ledger = judge(served.network);
      const before = ledger.spentFrost(address);
      const client = createHaulout({ network: served.description, wallet });
      const salt = 500 + PRESET_NAMES.indexOf(name);
      const contents = contentsOf(2, salt).map(
        (bytes) => new Uint8Array([...bytes, ...bytesOf(600)]),
      );
      await admin('POST', '/admin/preset', { name });
      const quote: Quote = await client.quote(contents, { epochs: 4, deletable: true });
      const job = client.store(quote);
      const files = await job.result().catch(async (error: { code: string }) => {
        // It says what is safe, and goes on once the day is over.
        expect(error.code).toMatch(/quorum-unreached|outcome-unknown|chain-unavailable/);
        expect(job.snapshot.paid).not.toBe('nothing');
        await admin('DELETE', '/admin/preset');
        job.resume();
        return job.result();
      });
      await admin('DELETE', '/admin/preset');
      await quiet(served.network);
      expect(approvals()).toBe(1);
      expect(ledger.spentFrost(address) - before).toBe(quote.cost.walFrost);
      await expectReadable(files, contents);
      await expect.poll(() => client.openJobs(), { timeout: 30_000 }).toEqual([]);
    },
    240_000,
  );
});
