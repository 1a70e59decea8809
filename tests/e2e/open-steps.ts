import { join } from 'node:path';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import type { StoredFile } from '../../src/index.ts';
import { libraryFolder } from '../../src/tooling/paths.mjs';
import { expect } from './fixtures.ts';
import { storedBytes } from './store-steps.ts';

/** A picture that any browser shows: pixels of its own, so that no two are the same blob. */
export function picture(seed: number, side = 120): Buffer {
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + side * side * 3, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(side, 18);
  head.writeInt32LE(side, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  const pixels = Buffer.alloc(side * side * 3);
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = 90 + (((at % 3) * 40 + Math.floor(at / (side * 30)) * seed * 7) % 160);
  }
  return Buffer.concat([head, pixels]);
}

/** Stores files with the built library, as a program would; each is there for readers when it returns. */
export async function store(
  local: ServedNetwork,
  files: readonly Buffer[],
  deletable = false,
): Promise<readonly StoredFile[]> {
  const { createHaulout, keypairWallet }: typeof import('../../src/index.ts') = await import(
    join(libraryFolder, 'index.js')
  );
  const { description } = local;
  const [account] = description.accounts;
  if (account === undefined) throw new Error('nobody can pay');
  const wallet = keypairWallet(Ed25519Keypair.fromSecretKey(account.secretKey));
  const client = createHaulout({ network: description, wallet });
  const quote = await client.quote(
    files.map((bytes) => new Blob([Uint8Array.from(bytes)])),
    { epochs: 3, deletable, path: 'direct' },
  );
  const stored = await client.store(quote).result();
  for (const { blobId, error } of stored) {
    expect(error).toBeUndefined();
    await storedBytes(local, blobId);
  }
  return stored;
}

/** Nodes up to a third of the shares give slivers that are wrong, and so does the aggregator. */
export async function haveLiars({ network }: ServedNetwork): Promise<void> {
  const match = { route: 'sliver', method: 'GET' } as const;
  await network.nodes[0]?.setFaults([{ match, action: { type: 'corrupt', where: 'data' } }]);
  await network.services.aggregator.setFaults([{ action: { type: 'corrupt' } }]);
}
