import { walletChain } from '../../chain/network-info.ts';
import { readSetting, writeSetting } from '../doors.ts';
import type { PageNetwork } from '../network.ts';
import { WalletDesk } from './wallet-desk.ts';

/** The page's desk: its kit is loaded on first use, and the last connection is a setting of this browser. */
export function openWalletDesk(network: PageNetwork['name']): WalletDesk {
  const memory = {
    get: () => readSetting('wallet'),
    set: (value: string | undefined) => writeSetting('wallet', value),
  };
  return new WalletDesk({
    chain: walletChain({ network }),
    loadKit: async () => (await import('./wallet-kit.ts')).createWalletKit(network, memory),
    wasConnected: () => memory.get() !== undefined,
  });
}
