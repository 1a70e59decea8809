/**
 * What a client has to know of a network before it asks anybody: for a local network the line of
 * `npm run devnet --json`, for the public ones the constants below. All else is read from the chain
 * and, where money depends on it, compared with these.
 */
export interface NetworkInfo {
  readonly network: 'mainnet' | 'testnet' | 'localnet';
  /** digest of the genesis checkpoint, base58 */
  readonly chainId: string;
  /** the full node that is asked first */
  readonly rpcUrl: string;
  /** further full nodes, asked where one answer is not enough */
  readonly moreRpcUrls?: readonly string[];
  readonly relayUrl?: string;
  readonly aggregatorUrl?: string;
  readonly systemObjectId: string;
  readonly stakingObjectId: string;
  /** the package of the contract whose functions are called; the newest that this release knows */
  readonly packageId: string;
  /** further packages that may be called */
  readonly morePackageIds?: readonly string[];
  /** `<package>::wal::WAL` */
  readonly walType: string;
  /** a shared object that gives worthless WAL for worthless SUI */
  readonly exchangeObjectId?: string;
}

/** The coin that network fees are paid in, as types are named in answers. */
export const SUI_TYPE = `0x${'2'.padStart(64, '0')}::sui::SUI`;

export const MAINNET: NetworkInfo = {
  network: 'mainnet',
  chainId: '4btiuiMPvEENsttpZC7CZ53DruC3MAgfznDbASZ7DR6S',
  rpcUrl: 'https://fullnode.mainnet.sui.io:443',
  relayUrl: 'https://upload-relay.mainnet.walrus.space',
  aggregatorUrl: 'https://aggregator.walrus-mainnet.walrus.space',
  systemObjectId: '0x2134d52768ea07e8c43570ef975eb3e4c27a39fa6396bef985b5abc58d03ddd2',
  stakingObjectId: '0x10b9d30c28448939ce6c4d6c6e0ffce4a7f8a4ada8248bdad09ef8b70e4a3904',
  packageId: '0x98da433aa0139512c210597b1c5e3df6cd121d8d77f8652691bb66fadfc8aa1b',
  walType: '0x356a26eb9e012a68958082340d4c4116e7f55615cf27affcff209cf0ae544f59::wal::WAL',
};

export const TESTNET: NetworkInfo = {
  network: 'testnet',
  chainId: '69WiPg3DAQiwdxfncX6wYQ2siKwAe6L9BZthQea3JNMD',
  rpcUrl: 'https://fullnode.testnet.sui.io:443',
  relayUrl: 'https://upload-relay.testnet.walrus.space',
  aggregatorUrl: 'https://aggregator.walrus-testnet.walrus.space',
  systemObjectId: '0x6c2547cbbc38025cf3adac45f63cb0a8d12ecf777cdc75a4971612bf97fdf6af',
  stakingObjectId: '0xbe46180321c30aab2f8b3501e24048377287fa708018a5b7c2792b35fe339ee3',
  packageId: '0x849e95d2718938d66c37fb91df76d72f78526c1864c339bac415ce8ecda2d8cc',
  walType: '0x8270feb7375eee355e64fdb69c50abb6b5f9393a722883c1cf45f8e26048810a::wal::WAL',
  exchangeObjectId: '0xf4d164ea2def5fe07dc573992a029e010dba09b1a8dcbc44c5c2e79567f39073',
};

/** The network that a name or a description stands for. */
export function networkInfo(network: 'mainnet' | 'testnet' | NetworkInfo): NetworkInfo {
  if (network === 'mainnet') return MAINNET;
  return network === 'testnet' ? TESTNET : network;
}

/** How wallets name the network: `sui:testnet`. */
export function walletChain({ network }: Pick<NetworkInfo, 'network'>): string {
  return `sui:${network}`;
}
