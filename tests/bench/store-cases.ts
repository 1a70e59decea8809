import { openAsBlob } from 'node:fs';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { NetworkDescription } from '../../src/devnet/describe.ts';
import { createHaulout, keypairWallet } from '../../src/index.ts';
import type { WalletPort } from '../../src/protocol/ports.ts';
import { FolderStore } from '../support/flows/folder-store.ts';

export interface StoreCase {
  readonly network: NetworkDescription;
  readonly secretKey: string;
  /** where slivers wait that do not fit into memory */
  readonly folder: string;
}

export interface Stored {
  readonly ms: number;
  readonly approvals: number;
  readonly blobIds: readonly string[];
}

/** From files to certified blobs, the price included, straight to the nodes. */
export async function storeFiles(
  { network, secretKey, folder }: StoreCase,
  files: readonly (Blob | Uint8Array<ArrayBuffer>)[],
): Promise<Stored> {
  const keypair = keypairWallet(Ed25519Keypair.fromSecretKey(secretKey));
  let approvals = 0;
  const wallet: WalletPort = {
    ...keypair,
    sign(bytes, signal) {
      approvals++;
      return keypair.sign(bytes, signal);
    },
  };
  const client = createHaulout({ network, wallet, slivers: new FolderStore(folder) });
  const begin = performance.now();
  const options = { epochs: 1, deletable: false, path: 'direct', reuse: 'none' } as const;
  const stored = await client.store(await client.quote(files, options)).result();
  return {
    ms: performance.now() - begin,
    approvals,
    blobIds: stored.map(({ blobId }) => blobId),
  };
}

/** A file on disk, and the most memory that this process took meanwhile, in bytes over idle. */
export async function storeLarge(options: StoreCase, path: string): Promise<number> {
  const idle = process.memoryUsage().rss;
  let peak = idle;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 100);
  try {
    await storeFiles(options, [await openAsBlob(path)]);
  } finally {
    clearInterval(watch);
  }
  return peak - idle;
}
