import { statfs } from 'node:fs/promises';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { NetworkDescription } from '../../src/devnet/describe.ts';
import { createHaulout, keypairWallet, type StorageDoors } from '../../src/index.ts';
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
  /** of slivers that waited on disk */
  readonly readBytes: number;
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
  const slivers = new FolderStore(folder);
  const client = createHaulout({ network, wallet, slivers, storage: roomOf(folder) });
  const begin = performance.now();
  const options = { epochs: 1, deletable: false, path: 'direct', reuse: 'none' } as const;
  const stored = await client.store(await client.quote(files, options)).result();
  return {
    ms: performance.now() - begin,
    approvals,
    blobIds: stored.map(({ blobId }) => blobId),
    readBytes: slivers.readBytes,
  };
}

/** What a browser would say of its disk. */
function roomOf(folder: string): StorageDoors {
  return {
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    persist: async () => undefined,
    copies: undefined,
    fileOf: async () => undefined,
  };
}
