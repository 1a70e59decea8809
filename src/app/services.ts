import { createContext, useContext } from 'react';
import { CompareFlow } from '../flows/compare-flow.ts';
import { PrepareQueue } from '../flows/prepare-queue.ts';
import type { WalletPort } from '../protocol/ports.ts';
import type { Base } from './base.ts';
import { clock, isOnline, onLineChange, openChannel } from './doors.ts';
import type { DropDesk } from './drop/drop-desk.ts';
import { EngineDesk } from './engine-desk.ts';
import { networkOfPage } from './network.ts';
import { fetchPart } from './parts/fetch-part.ts';
import { QuoteDesk } from './quote/quote-desk.ts';
import { settingNow } from './settings/use-setting.ts';
import { LiveText } from './shell/live-text.ts';
import type { TabTalk } from './uploads/tab-talk.ts';
import { UploadDesk } from './uploads/upload-desk.ts';
import { watchSleep } from './uploads/watch-sleep.ts';
import { openWalletDesk } from './wallet/open-wallet-desk.ts';
import type { WalletDesk } from './wallet/wallet-desk.ts';

/** What lives as long as the page. */
export interface Services extends Base {
  readonly queue: PrepareQueue;
  readonly compare: CompareFlow;
  readonly wallet: WalletDesk;
  readonly quote: QuoteDesk;
  readonly uploads: UploadDesk;
  readonly drops: DropDesk;
}

export function createServices(drops: DropDesk): Services {
  const network = networkOfPage(settingNow('network'));
  const uploads: UploadDesk = new UploadDesk(() => engine.engine(), clock);
  let tabs: TabTalk | undefined;
  const loadEngine = () =>
    Promise.all([import('../engine/spawn-engine.ts'), import('./uploads/tab-talk.ts')]);
  const engine = new EngineDesk(async () => {
    const [{ spawnEngine }, { TabTalk }] = await fetchPart(loadEngine);
    tabs ??= new TabTalk(openChannel('haulout-uploads'), uploads);
    uploads.talk(tabs);
    return spawnEngine({ network: network.network }, uploads);
  });
  onLineChange(() => isOnline() && uploads.lineIsBack());
  void watchSleep(clock, (ms) => uploads.woke(ms));
  const wallet = openWalletDesk(network.name);
  const quote = new QuoteDesk(
    () => engine.engine(),
    (item) => engine.sourceOf(item),
    clock,
  );
  followWallet(wallet, async (port) => {
    await engine.connect(port);
    quote.accountChanged(); // it has other coins, and other blobs
  });
  const ports = { encoder: engine.encoder, clock, shardCount: network.shardCount };
  return {
    network,
    engine,
    queue: new PrepareQueue(ports),
    compare: new CompareFlow({ ...ports, encoder: engine.comparing }),
    wallet,
    quote,
    uploads,
    live: new LiveText(clock),
    drops,
  };
}

/** Tells of each other account, or none. */
function followWallet(
  wallet: WalletDesk,
  tell: (port: WalletPort | undefined) => Promise<void>,
): void {
  let before: string | undefined;
  wallet.subscribe(() => {
    const { port, account, otherChain } = wallet.getSnapshot();
    const now = port && account && `${account.address} ${otherChain ?? ''}`;
    if (now === before) return;
    before = now;
    void tell(port).catch(() => undefined); // the next call to the engine says what is wrong
  });
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error('services are missing');
  return services;
}
