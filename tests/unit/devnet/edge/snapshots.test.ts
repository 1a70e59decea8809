import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { afterEach, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import { FileDisk } from '../../../../src/devnet/disk/file-disk-door.ts';
import { type ServedNetwork, serveNetwork } from '../../../../src/devnet/served-network.ts';
import { fileLog } from '../../../../src/devnet/sui/ledger/log-door.ts';
import { bytesOf, memoryDoors, officialClients } from '../../../support/devnet/local-network.ts';

let served: ServedNetwork | undefined;
let folder: string | undefined;
afterEach(async () => {
  await served?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
  served = undefined;
  folder = undefined;
});

async function serve(where: 'in memory' | 'in a folder') {
  const root = where === 'in a folder' ? await mkdtemp(join(tmpdir(), 'haulout-')) : undefined;
  folder = root;
  const kept =
    root === undefined
      ? {}
      : {
          disk: new FileDisk(root, { durability: 'relaxed' }),
          openLog: () => fileLog(join(root, 'chain.jsonl')),
        };
  served = await serveNetwork({
    settings: { weights: PROFILES.tiny, seed: 'snapshots', chainDelayMs: [0, 0] },
    doors: { ...(await memoryDoors()), ...kept },
    basePort: 0,
    adminToken: 'token',
  });
  const { adminUrl, aggregatorUrl, rpcUrl } = served.description;
  const headers = { authorization: 'Bearer token' };
  const admin = async (method: string, path: string, body?: object) => {
    const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(`${adminUrl}/admin/${path}`, init);
    return { status: response.status, json: await response.json() };
  };
  const read = async (blobId: string) => {
    const response = await fetch(`${aggregatorUrl}/v1/blobs/${blobId}`);
    return response.ok ? Buffer.from(await response.arrayBuffer()) : response.status;
  };
  const write = async (salt: number) => {
    const { walrus, signer } = officialClients((served as ServedNetwork).network);
    const blob = bytesOf(500, salt);
    const { blobId } = await walrus.writeBlob({ blob, epochs: 3, deletable: false, signer });
    await expect.poll(() => read(blobId)).toEqual(Buffer.from(blob));
    return { blobId, blob: Buffer.from(blob) };
  };
  const chainId = async () => {
    const { core } = new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl });
    return (await core.getChainIdentifier()).chainIdentifier;
  };
  return { admin, read, write, chainId };
}

it.each(['in memory', 'in a folder'] as const)(
  'goes back to a snapshot, and to the beginning, on the same ports; data %s',
  async (where) => {
    const { admin, read, write, chainId } = await serve(where);
    const description = (await admin('GET', 'network')).json;
    const first = await write(1);
    expect((await admin('PUT', 'snapshots/one')).status).toBe(200);
    const later = await write(2);
    expect((await admin('GET', 'snapshots')).json).toEqual({ snapshots: ['one'] });

    expect((await admin('POST', 'reset', { snapshot: 'one' })).json).toEqual(description);
    await expect.poll(() => read(first.blobId)).toEqual(first.blob);
    expect(await read(later.blobId)).toBe(404);
    expect((await admin('GET', 'blobs')).json.count).toBe(1);
    const again = await write(2); // with the coins of before
    expect(again.blobId).toBe(later.blobId);

    const before = await chainId();
    const { json: fresh } = await admin('POST', 'reset');
    expect(fresh.chainId).not.toBe(description.chainId);
    expect(fresh).toEqual({ ...description, chainId: fresh.chainId });
    expect(await chainId()).not.toBe(before);
    expect(served?.description).toEqual(fresh);
    expect(await read(first.blobId)).toBe(404);
    // The snapshot outlasts that, until it is removed.
    await admin('POST', 'reset', { snapshot: 'one' });
    expect(await chainId()).toBe(before);
    expect((await admin('DELETE', 'snapshots/one')).status).toBe(200);
    for (const [method, path, body, status] of [
      ['DELETE', 'snapshots/one', undefined, 404],
      ['POST', 'reset', { snapshot: 'one' }, 404],
      ['PUT', 'snapshots/a.b', undefined, 400],
      ['POST', 'reset', { name: 'one' }, 400],
    ] as const) {
      expect((await admin(method, path, body)).status).toBe(status);
    }
    await expect.poll(() => read(first.blobId)).toEqual(first.blob);
  },
);
