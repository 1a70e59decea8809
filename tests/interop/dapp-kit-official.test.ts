import { createDAppKit } from '@mysten/dapp-kit-core';
import { bcs } from '@mysten/sui/bcs';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { getWallets } from '@mysten/wallet-standard';
import { WalrusClient } from '@mysten/walrus';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedNetwork, serveNetwork } from '../../src/devnet/served-network.ts';
import { ExecutingWallet } from '../support/chain/executing-wallet.ts';
import { bytesOf, memoryDoors } from '../support/devnet/local-network.ts';

let served: ServedNetwork;
beforeAll(async () => {
  served = await serveNetwork({
    settings: { weights: [1, 1, 1, 1], seed: 'dapp-kit', chainDelayMs: [0, 0] },
    doors: await memoryDoors(),
    basePort: 0,
    adminToken: 'dapp-kit',
  });
}, 60_000);
afterAll(() => served.close());

it('the wallet kit connects a wallet, which registers a blob', async () => {
  const { rpcUrl, accounts, systemObjectId, stakingObjectId } = served.description;
  const suiClient = new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl });
  const key = Ed25519Keypair.fromSecretKey(accounts[0]?.secretKey ?? '');
  const wallet = new ExecutingWallet(key, 'sui:localnet', suiClient);
  const kit = createDAppKit({
    networks: ['localnet'],
    createClient: () => suiClient,
    ...{ autoConnect: false, slushWalletConfig: null, storage: null },
    walletInitializers: [
      { id: 'test', initialize: () => ({ unregister: getWallets().register(wallet) }) },
    ],
  });
  await expect.poll(() => kit.stores.$wallets.get().length).toBe(1);
  const [shown] = kit.stores.$wallets.get();
  if (shown === undefined) throw new Error('no wallet is shown');
  await kit.connectWallet({ wallet: shown });
  expect(kit.stores.$connection.get().account?.address).toBe(key.toSuiAddress());

  const walrus = new WalrusClient({
    suiClient,
    packageConfig: { systemObjectId, stakingPoolId: stakingObjectId },
  } as ConstructorParameters<typeof WalrusClient>[0]);
  const blob = bytesOf(900);
  const { blobId, rootHash } = await walrus.encodeBlob(blob);
  const transaction = new Transaction();
  const register = { blobId, rootHash, size: blob.length, epochs: 2, deletable: true };
  const made = transaction.add(walrus.registerBlob(register));
  transaction.transferObjects([made], key.toSuiAddress());
  const result = await kit.signAndExecuteTransaction({ transaction });
  expect(result.$kind).toBe('Transaction');
  expect(wallet.approved).toHaveLength(1);
  const { digest, effects } = result.Transaction ?? {};
  const { V2 } = bcs.TransactionEffects.parse(effects?.bcs ?? new Uint8Array());
  expect(V2?.transactionDigest).toBe(digest);
  await suiClient.core.waitForTransaction({ digest: digest ?? '' });
  const { objects } = await suiClient.core.listOwnedObjects({
    ...{
      owner: key.toSuiAddress(),
      type: `${served.network.life.ids.originalPackageId}::blob::Blob`,
    },
  });
  expect(objects).toHaveLength(1);
});
