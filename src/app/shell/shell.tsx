import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { classesOf } from '../parts/classes.ts';
import { Logo } from '../parts/logo.tsx';
import { PLACES } from '../routes.ts';
import { WalletChip } from '../wallet/wallet-chip.tsx';
import { useWords } from '../words.tsx';
import { DropOverlay } from './drop-overlay.tsx';
import { KeysHelp } from './keys-help.tsx';
import { LiveRegions } from './live-regions.tsx';
import { Navigation } from './navigation.tsx';
import { NetworkChip } from './network-chip.tsx';
import css from './shell.module.css';
import { useArrivals } from './use-arrivals.ts';
import { useLeaveQuestion } from './use-leave-question.ts';

const c = classesOf(css);

/** Header, navigation and what stays on screen in every place. */
export function Shell(props: { children: ReactNode }) {
  const { say } = useWords();
  const [place] = useLocation();
  useArrivals();
  useLeaveQuestion();
  return (
    <div className={c('shell')}>
      <button type="button" className={c('skip')} onClick={focusContent}>
        {say('app.skip')}
      </button>
      <header className={c('header')}>
        <Link href={PLACES.store} className={c('brand')}>
          <Logo size={26} />
          <span className={c('lettering')} translate="no">
            {say('app.name')}
          </span>
        </Link>
        <Navigation />
        <div className={c('tools')}>
          <NetworkChip />
          <WalletChip />
          <KeysHelp key={place} />
        </div>
      </header>
      <main className={c('main')} id="content" tabIndex={-1}>
        {props.children}
      </main>
      <LiveRegions />
      <DropOverlay />
    </div>
  );
}

/** A button and not a link: the hash of the address may hold the place. */
function focusContent(): void {
  document.getElementById('content')?.focus();
}
