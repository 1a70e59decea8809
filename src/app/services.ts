import { createContext, useContext } from 'react';
import { CompareFlow } from '../flows/compare-flow.ts';
import { PrepareQueue } from '../flows/prepare-queue.ts';
import { clock } from './doors.ts';
import { DropDesk } from './drop/drop-desk.ts';
import { EngineDesk } from './engine-desk.ts';
import { networkOfPage, type PageNetwork } from './network.ts';
import { QuoteDesk } from './quote/quote-desk.ts';
import { LiveText } from './shell/live-text.ts';
import { UploadDesk } from './uploads/upload-desk.ts';
import { openWalletDesk } from './wallet/open-wallet-desk.ts';
import type { WalletDesk } from './wallet/wallet-desk.ts';

/** What lives as long as the page. */
export interface Services {
  readonly network: PageNetwork;
  readonly engine: EngineDesk;
  readonly queue: PrepareQueue;
  readonly compare: CompareFlow;
  readonly wallet: WalletDesk;
  readonly quote: QuoteDesk;
  readonly uploads: UploadDesk;
  readonly live: LiveText;
  readonly drops: DropDesk;
}

/** Shards of the public networks. */
export const SHARD_COUNT = 1000;

export function createServices(): Services {
  const network = networkOfPage();
  const uploads: UploadDesk = new UploadDesk(() => engine.engine(), clock);
  const engine = new EngineDesk(async () => {
    const { spawnEngine } = await import('../engine/spawn-engine.ts');
    return spawnEngine({ network: network.network }, uploads);
  });
  const wallet = openWalletDesk(network.name);
  wallet.subscribe(() => void engine.connect(wallet.getSnapshot().port));
  const ports = { encoder: engine.encoder, clock, shardCount: SHARD_COUNT };
  return {
    network,
    engine,
    queue: new PrepareQueue(ports),
    compare: new CompareFlow({ ...ports, encoder: engine.comparing }),
    wallet,
    quote: new QuoteDesk(
      () => engine.engine(),
      (item) => engine.sourceOf(item),
      clock,
    ),
    uploads,
    live: new LiveText(clock),
    drops: new DropDesk(),
  };
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error('services are missing');
  return services;
}
