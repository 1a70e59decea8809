import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Wallet } from '../parts/icons.ts';
import css from './wallet-icon.module.css';

const c = classesOf(css);

/** The picture that a wallet shows of itself; it never says who the wallet is. */
export function WalletIcon({ src }: { src: string | undefined }) {
  if (src === undefined) return <Icon of={Wallet} />;
  return <img className={c('picture')} src={src} alt="" width={20} height={20} />;
}
