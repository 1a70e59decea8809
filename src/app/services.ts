import { createContext, useContext } from 'react';
import { CompareFlow } from '../flows/compare-flow.ts';
import { PrepareQueue } from '../flows/prepare-queue.ts';
import { clock } from './doors.ts';
import { DropDesk } from './drop/drop-desk.ts';
import { lazyEncoder } from './lazy-encoder.ts';
import { networkOfPage, type PageNetwork } from './network.ts';
import { LiveText } from './shell/live-text.ts';
import { openWalletDesk } from './wallet/open-wallet-desk.ts';
import type { WalletDesk } from './wallet/wallet-desk.ts';

/** Shards of the public networks. */
export const SHARD_COUNT = 1000;

/** What lives as long as the page. */
export interface Services {
  readonly queue: PrepareQueue;
  readonly compare: CompareFlow;
  readonly live: LiveText;
  readonly drops: DropDesk;
  readonly network: PageNetwork;
  readonly wallet: WalletDesk;
  /** starts loading the encoder ahead of the first file */
  warm(): void;
}

export function createServices(): Services {
  const encoder = lazyEncoder(async () => {
    const { createEncoder } = await import('../workers/encoder.ts');
    return createEncoder();
  });
  const network = networkOfPage();
  const ports = { encoder, clock, shardCount: SHARD_COUNT };
  return {
    queue: new PrepareQueue(ports),
    compare: new CompareFlow(ports),
    live: new LiveText(clock),
    drops: new DropDesk(),
    network,
    wallet: openWalletDesk(network.name),
    warm: encoder.warm,
  };
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error('services are missing');
  return services;
}
