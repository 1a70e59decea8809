import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { shortAddress, visibleName } from '../../presentation/names.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import menuCss from '../parts/menu.module.css';
import { useServices } from '../services.ts';
import { useCopy } from '../use-copy.ts';
import { useWords } from '../words.tsx';
import { useWallet } from './use-wallet.ts';
import css from './wallet-chip.module.css';
import { WalletChooserSheet } from './wallet-chooser-sheet.tsx';
import type { WalletState } from './wallet-desk.ts';
import { WalletIcon } from './wallet-icon.tsx';

const c = classesOf(css);
const m = classesOf(menuCss);

/** In the header: connects a wallet, or shows which account is connected and what can be done with it. */
export function WalletChip() {
  const { say } = useWords();
  const { wallet: desk } = useServices();
  const state = useWallet();
  const { status, chooser } = state;
  return (
    <div className={c('chip')} data-wallet={status}>
      {status === 'connected' ? (
        <AccountMenu state={state} />
      ) : (
        <Action onPress={() => void desk.connect()} isDisabled={status === 'connecting'}>
          {say(status === 'connecting' ? 'wallet.connecting' : 'wallet.connect')}
        </Action>
      )}
      <WalletChooserSheet chooser={chooser} />
    </div>
  );
}

function AccountMenu({ state }: { state: WalletState }) {
  const { say } = useWords();
  const { wallet: desk } = useServices();
  const [, copy] = useCopy();
  const { account, accounts, wallet } = state;
  if (account === undefined || wallet === undefined) return null;
  const { address } = account;
  const others = accounts.filter((each) => each.address !== address);
  const label = say('wallet.menu', { address: shortAddress(address) });
  return (
    <MenuTrigger>
      <Action aria-label={label}>
        <WalletIcon src={wallet.icon} />
        <bdi dir="ltr" translate="no" className={c('address')}>
          {shortAddress(address)}
        </bdi>
      </Action>
      <Popover className={m('popover')} placement="bottom end" aria-label={label}>
        <Menu className={m('menu')} aria-label={label}>
          <MenuSection>
            <Header className={c('head')}>
              <span>{visibleName(wallet.name)}</span>
              <bdi dir="ltr" translate="no" className={c('full')} data-address={address}>
                {address}
              </bdi>
            </Header>
            <MenuItem
              className={m('item')}
              onAction={() => void copy(address, say('wallet.addressCopied'))}
            >
              {say('wallet.copyAddress')}
            </MenuItem>
            {others.map((other) => (
              <MenuItem
                key={other.address}
                className={m('item')}
                onAction={() => desk.switchAccount(other.address)}
              >
                {say('wallet.switchTo', { address: shortAddress(other.address) })}
              </MenuItem>
            ))}
            <MenuItem className={m('item')} onAction={() => void desk.disconnect()}>
              {say('wallet.disconnect')}
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
