import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { NetworkDescription } from '../../../src/devnet/describe.ts';
import { createHaulout, keypairWallet } from '../../../src/index.ts';
import type { WalletPort } from '../../../src/protocol/ports.ts';
import type { JournalStores } from '../../../src/store/journal-facts.ts';
import { FileStore } from './file-store.ts';
import { plainPageKeys } from './plain-page-keys.ts';

export interface ChildTask {
  readonly network: NetworkDescription;
  /** of the journal */
  readonly path: string;
  readonly secretKey: string;
  readonly sizes: readonly number[];
  /** the wallet never answers */
  readonly silentWallet: boolean;
  /** how slivers travel; straight to the nodes if absent */
  readonly way?: 'direct' | 'relay';
}

/** The bytes of the task's file number `index`; the same in every process. */
export function fileBytes(size: number, index: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 37 + index * 101 + (i >> 8)) & 255);
}

/**
 * Stores the files, or goes on with what the journal holds; says each state on a line.
 *
 * @returns the exit code: 0 once everything is stored
 */
export async function runChild(task: ChildTask, say: (line: string) => void): Promise<number> {
  const { network, path, secretKey, sizes, silentWallet, way = 'direct' } = task;
  const keypair = keypairWallet(Ed25519Keypair.fromSecretKey(secretKey));
  const wallet: WalletPort = {
    ...keypair,
    sign(bytes, signal) {
      say('asked');
      return silentWallet ? new Promise(() => undefined) : keypair.sign(bytes, signal);
    },
  };
  const client = createHaulout({
    ...{ network, wallet, store: new FileStore<JournalStores>(path) },
    pageKeys: plainPageKeys,
  });
  const files = sizes.map(fileBytes);
  const [open] = await client.openJobs();
  say(open ? `open ${open.paid}` : 'new');
  const job = open
    ? await client.resume(open.jobId, { files })
    : client.store(await client.quote(files, { epochs: 3, deletable: true, path: way }));
  let last = '';
  for await (const { state } of job) {
    if (state !== last) say(state);
    last = state;
  }
  const stored = await job.result();
  say(`stored ${stored.map(({ blobObjectId }) => blobObjectId).join(' ')}`);
  return (await client.openJobs()).length === 0 ? 0 : 1;
}
