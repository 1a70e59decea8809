import { accountKey } from './chain-life.ts';
import type { LocalNetwork } from './network.ts';
import { ACCOUNT_COUNT, type ServiceName } from './network-options.ts';

/** All that a client has to know about a network: the one line of `--json`. */
export interface NetworkDescription {
  readonly network: 'localnet';
  readonly chainId: string;
  readonly rpcUrl: string;
  readonly faucetUrl: string;
  readonly relayUrl: string;
  readonly aggregatorUrl: string;
  readonly adminUrl: string;
  readonly adminToken: string;
  readonly systemObjectId: string;
  readonly stakingObjectId: string;
  readonly packageId: string;
  readonly walType: string;
  readonly exchangeObjectId: string;
  readonly shardCount: number;
  readonly seed: string;
  readonly nodes: readonly { nodeId: string; name: string; url: string; shards: number }[];
  /** with SUI and WAL that are worth nothing */
  readonly accounts: readonly { address: string; secretKey: string }[];
  /** PEM: whom to trust for the nodes' TLS */
  readonly authority?: string;
}

export interface DescribeOptions {
  readonly adminToken: string;
  /** of the nodes */
  readonly scheme: 'http' | 'https';
  readonly authority?: string;
}

export function describeNetwork(
  network: LocalNetwork,
  urls: Readonly<Record<ServiceName | 'admin', string>>,
  { adminToken, scheme, authority }: DescribeOptions,
): NetworkDescription {
  const { life, settings, nodes } = network;
  const { ids, chain, port } = life;
  const accounts = Array.from({ length: ACCOUNT_COUNT }, (_, i) => {
    const key = accountKey(settings.seed, i);
    return { address: key.toSuiAddress(), secretKey: key.getSecretKey() };
  });
  return {
    network: 'localnet',
    chainId: chain.ledger.chainId,
    rpcUrl: urls.rpc,
    faucetUrl: urls.faucet,
    relayUrl: urls.relay,
    aggregatorUrl: urls.aggregator,
    adminUrl: urls.admin,
    adminToken,
    systemObjectId: ids.systemObjectId,
    stakingObjectId: ids.stakingObjectId,
    packageId: ids.packageId,
    walType: ids.walType,
    exchangeObjectId: ids.exchangeObjectId,
    shardCount: port.state().shardCount,
    seed: settings.seed,
    nodes: nodes.map(({ identity, networkAddress }, i) => {
      const { nodeId, name } = identity;
      return {
        nodeId,
        name,
        url: `${scheme}://${networkAddress}`,
        shards: settings.weights[i] ?? 0,
      };
    }),
    accounts,
    ...(authority ? { authority } : {}),
  };
}
