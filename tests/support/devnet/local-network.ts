import { SuiGrpcClient } from '@mysten/sui/grpc';
import { WalrusClient } from '@mysten/walrus';
import { accountKey } from '../../../src/devnet/chain-life.ts';
import { inThreadCodec } from '../../../src/devnet/codec.ts';
import { PROFILES } from '../../../src/devnet/committee.ts';
import { MemoryDisk } from '../../../src/devnet/disk/memory-disk.ts';
import { LocalNetwork } from '../../../src/devnet/network.ts';
import type { NetworkDoors, NetworkSettings } from '../../../src/devnet/network-options.ts';
import { memoryLog } from '../../../src/devnet/sui/ledger/log.ts';
import { InThreadVerifier } from '../../../src/devnet/verify/in-thread.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { kernelModule } from './test-fleet.ts';

export const SEED = 'test';

/** What a network in memory stands on. The same doors given again are the same machine. */
export async function memoryDoors(): Promise<NetworkDoors & { readonly disk: MemoryDisk }> {
  const module = await kernelModule();
  const log = memoryLog();
  return {
    clock: systemClock,
    disk: new MemoryDisk(),
    openLog: async () => log,
    verifier: new InThreadVerifier(module),
    codec: inThreadCodec(module, systemClock),
  };
}

/** A small network in this process without ports, and without delays unless told. */
export async function memoryNetwork(
  change: Partial<NetworkSettings> = {},
  doors?: NetworkDoors,
): Promise<LocalNetwork> {
  const settings = {
    weights: PROFILES.tiny,
    seed: SEED,
    chainDelayMs: [0, 0],
    heal: { deferMs: 0, retryMs: 20 },
    ...change,
  } as const;
  return LocalNetwork.open(settings, doors ?? (await memoryDoors()));
}

/**
 * The official clients against a network in this process: nothing is replaced but sockets.
 *
 * @param toChain what requests to the full node go through, instead of straight to it
 */
export function officialClients(
  network: LocalNetwork,
  toChain?: (request: Request) => Promise<Response>,
) {
  const { node, ids } = network.life;
  const sui = toChain
    ? new SuiGrpcClient({
        ...{ network: 'localnet', baseUrl: 'http://rpc.test' },
        fetch: (input, init) => toChain(new Request(input as string, init)),
      })
    : new SuiGrpcClient({ network: 'localnet', transport: node.transport });
  const walrus = new WalrusClient({
    suiClient: sui,
    packageConfig: { systemObjectId: ids.systemObjectId, stakingPoolId: ids.stakingObjectId },
    storageNodeUrlScheme: 'http',
    storageNodeClientOptions: {
      fetch: (input, init) => network.toNode(new Request(input as string, init)),
    },
  } as ConstructorParameters<typeof WalrusClient>[0]);
  return { sui, walrus, signer: accountKey(network.settings.seed, 0) };
}

export const bytesOf = (length: number, salt = 1) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + salt * 17 + (i >> 7)) & 255);

/** Waits until all nodes are at rest in the epoch of the chain. */
export async function quiet(network: LocalNetwork, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  const isQuiet = () => {
    const { epoch, epochState } = network.life.port.state();
    const alive = network.nodes.flatMap(({ node }) => node ?? []);
    return (
      !network.fleet.settling &&
      epochState.kind !== 'sync' &&
      alive.every(({ core }) => core.registry.epoch === epoch)
    );
  };
  while (!isQuiet()) {
    if (Date.now() > end) throw new Error('the network does not come to rest');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
