import { visibleName } from '../../presentation/names.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Sheet } from '../parts/sheet.tsx';
import { useServices } from '../services.ts';
import { useNetworkName } from '../shell/network-chip.tsx';
import { useWords } from '../words.tsx';
import css from './wallet-chooser-sheet.module.css';
import type { WalletChooser } from './wallet-desk.ts';
import { WalletIcon } from './wallet-icon.tsx';
import type { FoundWallet } from './wallet-kit.ts';

const c = classesOf(css);
const TROUBLES = {
  declined: 'wallet.declined',
  'no-account': 'wallet.noAccount',
  'not-loaded': 'wallet.notLoaded',
} as const;

/** The wallets of this browser that can sign for the network; one is chosen to be connected. */
export function WalletChooserSheet({ chooser }: { chooser: WalletChooser | undefined }) {
  const { say } = useWords();
  const { wallet: desk } = useServices();
  const network = useNetworkName();
  return (
    <Sheet
      title={say('wallet.choose')}
      isOpen={chooser !== undefined}
      onClose={() => desk.closeChooser()}
    >
      {chooser !== undefined && (
        <div className={c('body')} aria-busy={chooser.asked !== undefined}>
          <p className="hint">{say('wallet.what')}</p>
          <Wallets chooser={chooser} network={network} />
          <p role="status" className={c('status')}>
            {chooser.asked !== undefined &&
              say('wallet.asked', { name: visibleName(chooser.asked.name) })}
            {chooser.trouble !== undefined && say(TROUBLES[chooser.trouble], { network })}
          </p>
        </div>
      )}
    </Sheet>
  );
}

function Wallets({ chooser, network }: { chooser: WalletChooser; network: string }) {
  const { say } = useWords();
  const { wallets, trouble } = chooser;
  if (wallets === undefined) return trouble === undefined ? <p>{say('wallet.looking')}</p> : null;
  if (wallets.length === 0) {
    return (
      <div className={c('none')}>
        <p>{say('wallet.none', { network })}</p>
        <a href="https://slush.app" target="_blank" rel="noopener noreferrer">
          {say('wallet.get')}
        </a>
      </div>
    );
  }
  return (
    <ul className={c('list')}>
      {wallets.map((wallet) => (
        <li key={wallet.id}>
          <WalletButton wallet={wallet} />
        </li>
      ))}
    </ul>
  );
}

function WalletButton({ wallet }: { wallet: FoundWallet }) {
  const { wallet: desk } = useServices();
  return (
    <Action onPress={() => void desk.choose(wallet.id)}>
      <WalletIcon src={wallet.icon} />
      <bdi>{visibleName(wallet.name)}</bdi>
    </Action>
  );
}
