import { useEffect, useRef, useState } from 'react';
import { shortAddress } from '../../presentation/names.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { later } from '../parts/later.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { useWallet } from './use-wallet.ts';
import css from './wallet-chip.module.css';
import { WalletChooserSheet } from './wallet-chooser-sheet.tsx';
import { WalletIcon } from './wallet-icon.tsx';

const c = classesOf(css);
const AccountMenu = later(async () => (await import('./account-menu.tsx')).AccountMenu);

/** In the header: connects a wallet, or shows which account is connected and what can be done with it. */
export function WalletChip() {
  const { say } = useWords();
  const { wallet: desk, live } = useServices();
  const state = useWallet();
  const { status, account, wallet, chooser } = state;
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const short = account && shortAddress(account.address);
  useEffect(() => {
    if (short !== undefined) live.say(say('wallet.connected', { address: short }));
  }, [short, live, say]);
  // One button for all states, so that it keeps the focus when they change.
  const role =
    short === undefined
      ? { onPress: () => void desk.connect(), 'aria-haspopup': 'dialog' as const }
      : {
          onPress: () => setOpen(true),
          ...{ 'aria-haspopup': 'menu' as const, 'aria-expanded': isOpen },
          'aria-label': say('wallet.menu', { address: short }),
        };
  return (
    <div className={c('chip')} data-wallet={status}>
      <Action ref={button} {...role}>
        {short === undefined ? (
          say(status === 'connecting' ? 'wallet.connecting' : 'wallet.connect')
        ) : (
          <>
            <WalletIcon src={wallet?.icon} />
            <bdi dir="ltr" translate="no" className={c('address')}>
              {short}
            </bdi>
          </>
        )}
      </Action>
      {account && (
        <AccountMenu state={state} button={button} isOpen={isOpen} onOpenChange={setOpen} />
      )}
      <WalletChooserSheet chooser={chooser} />
    </div>
  );
}
