import type { NetworkInfo } from '../../../src/chain/network-info.ts';
import { keypairWallet } from '../../../src/chain/wallet/keypair-wallet.ts';
import { accountKey } from '../../../src/devnet/chain-life.ts';
import { LinkError } from '../../../src/devnet/faults/link-error.ts';
import type { LocalNetwork } from '../../../src/devnet/network.ts';
import {
  createHaulout,
  type HauloutOptions,
  type HauloutPorts,
} from '../../../src/flows/store/create-haulout.ts';
import { limitedTransport } from '../../../src/network/limited-transport.ts';
import type { HttpRequest, WalletPort } from '../../../src/protocol/ports.ts';
import type { JournalStores } from '../../../src/store/journal-facts.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';
import { createEncoder } from '../../../src/workers/encoder.ts';
import { asRequest } from '../as-request.ts';

/** One encoder for all clients of a test file. */
export const encoder = createEncoder();

/** The description of a network that has no ports. */
export function infoOf(network: LocalNetwork): NetworkInfo {
  const { ids, chain } = network.life;
  return {
    network: 'localnet',
    chainId: chain.ledger.chainId,
    rpcUrl: 'http://rpc.test',
    relayUrl: 'http://relay.test',
    systemObjectId: ids.systemObjectId,
    stakingObjectId: ids.stakingObjectId,
    packageId: ids.packageId,
    walType: ids.walType,
    exchangeObjectId: ids.exchangeObjectId,
  };
}

/** The address of the account that signs; empty where there is none. */
export function addressOf(wallet: Pick<WalletPort, 'account'>): string {
  return wallet.account()?.address ?? '';
}

/** A wallet of one of the funded accounts, which counts how often it is asked. */
export function countingWallet(network: LocalNetwork, index = 0) {
  const wallet = keypairWallet(accountKey(network.settings.seed, index));
  const seen: Uint8Array[] = [];
  let answer: ((bytes: Uint8Array) => Promise<void>) | undefined;
  const counting: WalletPort & {
    readonly seen: readonly Uint8Array[];
    /** runs before each answer; what it throws is the answer */
    before(run: ((bytes: Uint8Array) => Promise<void>) | undefined): void;
  } = {
    ...wallet,
    seen,
    before: (run) => {
      answer = run;
    },
    async sign(bytes, signal) {
      seen.push(bytes);
      await answer?.(bytes);
      return wallet.sign(bytes, signal);
    },
  };
  return counting;
}

export interface LocalClientOptions extends HauloutPorts, Pick<HauloutOptions, 'memoryBytes'> {
  readonly network: LocalNetwork;
  readonly wallet?: WalletPort;
  /** looks at each exchange with nodes and relay before it happens */
  onRequest?(request: HttpRequest): Promise<void> | void;
}

/** A client of a network in this process: nothing is replaced but sockets. */
export function localClient({ network, onRequest, ...options }: LocalClientOptions) {
  const store = options.store ?? new MemoryStore<JournalStores>();
  const wallet = options.wallet ?? countingWallet(network);
  const transport = limitedTransport(async (asked) => {
    await onRequest?.(asked);
    const request = asRequest(asked);
    const { host } = new URL(request.url);
    if (host === 'relay.test') return network.services.relay.handle(request);
    return network.toNode(request).catch((error: unknown) => {
      if (error instanceof LinkError) throw new TypeError('fetch failed');
      throw error;
    });
  }, network.clock);
  const info = infoOf(network);
  const nodes = network.nodes.map(({ networkAddress }) => ({ url: `http://${networkAddress}` }));
  const client = createHaulout({
    encoder,
    transport,
    rpc: [network.life.node.transport],
    ...options,
    store,
    network: { ...info, nodes },
    wallet,
  });
  return { client, store, wallet, info };
}
