import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { registerWallet } from '@mysten/wallet-standard';
import { contractOf } from '../chain/contract.ts';
import { createChainClient } from '../chain/create-chain-client.ts';
import { decodeTransaction } from '../chain/decode/decode-transaction.ts';
import type { NetworkInfo } from '../chain/network-info.ts';
import { formatsFor } from '../presentation/format.ts';
import { chooseLanguage, formatLocale, loadCatalog } from '../presentation/languages.ts';
import { createSay } from '../presentation/messages.ts';
import { systemClock } from '../workers/doors.ts';
import { approvals } from './approval.ts';
import { DevWallet } from './dev-wallet.ts';
import { mountPanel } from './panel.ts';
import './dev-wallet.css';

/** A script beside the page, as the wallet of an extension would be: the page knows nothing of it. */

type LocalNetwork = NetworkInfo & { readonly faucetUrl: string };

const ICON =
  'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzMiAzMiI+PHJlY3Qgd2lkdGg9IjMyIiBoZWlnaHQ9IjMyIiByeD0iNiIgZmlsbD0iIzAwNjU3YyIvPjxwYXRoIGQ9Ik04IDEwaDE2djEySDh6bTEwIDRoNnY0aC02eiIgZmlsbD0ibm9uZSIgc3Ryb2tlPSIjZmZmIiBzdHJva2Utd2lkdGg9IjIiLz48L3N2Zz4=';

/** @param network what the local network says of itself */
export async function start(network: LocalNetwork): Promise<DevWallet> {
  const language = chooseLanguage(localStorage.getItem('haulout.language') ?? undefined, ['en']);
  const locale = formatLocale(language, []);
  const say = createSay(locale, await loadCatalog(language, 'all'));
  const formats = formatsFor(locale);
  const chain = createChainClient({ network, clock: systemClock });

  const fund = async (recipient: string) => {
    await requestSuiFromFaucetV2({ host: network.faucetUrl, recipient });
  };
  const decode = async (bytes: Uint8Array) => {
    try {
      return decodeTransaction(bytes, contractOf(network, await chain.system()));
    } catch {
      return undefined; // shown as what it is: nothing that can be read
    }
  };
  const wallet = new DevWallet({
    ...{ name: say('devWallet.name'), icon: ICON, memory: localStorage, clock: systemClock },
    ask: approvals({ say, formats, decode }),
    execute: async (bytes, signature) => void (await chain.execute(bytes, [signature])),
    async fund(address) {
      const { suiMist } = await chain.balance(address);
      if (suiMist === 0n) await fund(address);
    },
  });
  window.addEventListener('storage', () => wallet.change({})); // another tab, or a test
  registerWallet(wallet);
  mountPanel(wallet, {
    ...{ say, formats, fund },
    async balance(address) {
      const { suiMist, walFrost } = await chain.balance(address);
      const amounts = {
        sui: formats.amount(suiMist, 'down'),
        wal: formats.amount(walFrost, 'down'),
      };
      return say('devWallet.balance', amounts);
    },
  });
  return wallet;
}

const meta = document.querySelector<HTMLMetaElement>('meta[name=haulout-network]');
void start(JSON.parse(meta?.content ?? ''));
