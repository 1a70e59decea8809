import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { WalrusClient } from '@mysten/walrus';
import type { NetworkDescription } from '../../src/devnet/describe.ts';
import { createEncoder, createHaulout, isHauloutError, keypairWallet } from '../../src/index.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';

export { FAILURE_CASES } from './failure-cases.ts';

const encoder = createEncoder();

/** Reads and writes of somebody who knows nothing yet of the network. */
export interface Party {
  read(network: NetworkDescription, blobId: string): Promise<Uint8Array>;
  /**
   * @param waits told why, where it tells that it goes on as soon as it can
   * @returns the ID of the certified blob
   */
  write(
    network: NetworkDescription,
    bytes: Uint8Array<ArrayBuffer>,
    waits: (error: string) => void,
  ): Promise<string>;
}

const signerOf = ({ accounts }: NetworkDescription, index: number) =>
  Ed25519Keypair.fromSecretKey(accounts[index]?.secretKey ?? '');

/** As its documentation has it, with the limits that it comes with. */
function official({ rpcUrl, systemObjectId, stakingObjectId }: NetworkDescription): WalrusClient {
  return new WalrusClient({
    suiClient: new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl }),
    packageConfig: { systemObjectId, stakingPoolId: stakingObjectId },
    storageNodeUrlScheme: 'http',
  } as ConstructorParameters<typeof WalrusClient>[0]);
}

export const parties: Readonly<Record<'official' | 'ours', Party>> = {
  official: {
    read: (network, blobId) => official(network).readBlob({ blobId }),
    async write(network, blob) {
      const options = { blob, deletable: false, epochs: 1, signer: signerOf(network, 0) };
      return (await official(network).writeBlob(options)).blobId;
    },
  },
  ours: {
    async read(network, blobId) {
      return (
        await createHaulout({ network, encoder, verifier: encoder }).readBlob(blobId)
      ).bytes();
    },
    async write(network, bytes, waits) {
      const wallet = keypairWallet(signerOf(network, 1));
      const doors = { store: new MemoryStore(), encoder } as object;
      const client = createHaulout({ network, wallet, ...doors });
      const options = { epochs: 1, deletable: false, path: 'direct', reuse: 'none' } as const;
      const job = client.store(await client.quote([bytes], options));
      const watch = async () => {
        for await (const { condition } of job) if (condition) waits(condition.error.code);
      };
      watch().catch(() => undefined); // lasts until the slowest node is done, which nobody waits for
      const [stored] = await job.result();
      return stored?.blobId ?? '';
    },
  },
};

/** How an error is called in the table. */
export function nameOfError(error: unknown): string {
  if (isHauloutError(error)) return error.code;
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  const kind = error.constructor.name === 'Error' ? name : error.constructor.name;
  return kind === 'Error' || kind === 'TypeError' || kind === 'RangeError'
    ? `${kind} "${message.split(/[\n(]| at /)[0]?.trim()}"`
    : kind;
}
