import type { RefObject } from 'react';
import { Header, Menu, MenuItem, MenuSection, Popover } from 'react-aria-components';
import { shortAddress, visibleName } from '../../presentation/names.ts';
import { classesOf } from '../parts/classes.ts';
import menuCss from '../parts/menu.module.css';
import { useServices } from '../services.ts';
import { useNetworkName } from '../shell/network-chip.tsx';
import { useCopy } from '../use-copy.ts';
import { useWords } from '../words.tsx';
import css from './account-menu.module.css';
import type { WalletState } from './wallet-desk.ts';

const c = classesOf(css);
const m = classesOf(menuCss);

interface AccountMenuProps {
  readonly state: WalletState;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** What can be done with the account that is connected, and which it is. */
export function AccountMenu({ state, button, isOpen, onOpenChange }: AccountMenuProps) {
  const { say } = useWords();
  const { wallet: desk } = useServices();
  const [, copy] = useCopy();
  const network = useNetworkName();
  const { account, accounts, wallet, otherChain } = state;
  if (account === undefined || wallet === undefined) return null;
  const { address } = account;
  const others = accounts.filter((each) => each.address !== address);
  const label = say('wallet.menu', { address: shortAddress(address) });
  const entry = (text: string, act: () => void, key = text) => (
    <MenuItem key={key} className={m('item')} onAction={act}>
      {text}
    </MenuItem>
  );
  return (
    <Popover
      triggerRef={button}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      className={m('popover')}
      placement="bottom end"
      aria-label={label}
    >
      <Menu autoFocus className={m('menu')} aria-label={label} onClose={() => onOpenChange(false)}>
        <MenuSection>
          <Header className={c('head')}>
            <span>{visibleName(wallet.name)}</span>
            <bdi dir="ltr" translate="no" className={c('full')} data-address={address}>
              {address}
            </bdi>
            {otherChain !== undefined && (
              <span className={c('elsewhere')}>{say('wallet.elsewhere', { network })}</span>
            )}
          </Header>
          {entry(say('wallet.copyAddress'), () => void copy(address, say('wallet.addressCopied')))}
          {others.map((other) =>
            entry(
              say('wallet.switchTo', { address: shortAddress(other.address) }),
              () => desk.switchAccount(other.address),
              other.address,
            ),
          )}
          {entry(say('wallet.disconnect'), () => void desk.disconnect())}
        </MenuSection>
      </Menu>
    </Popover>
  );
}
