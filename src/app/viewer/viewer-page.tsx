import { siteUrl } from '../app-base.ts';
import { classesOf } from '../parts/classes.ts';
import { Logo } from '../parts/logo.tsx';
import { LiveRegions } from '../shell/live-regions.tsx';
import { NetworkChip } from '../shell/network-chip.tsx';
import type { ShortLink } from '../short-link.ts';
import { useWords } from '../words.tsx';
import { BlobView } from './blob-view.tsx';
import { useBlobDesk } from './use-blob-desk.ts';
import css from './viewer-page.module.css';

const c = classesOf(css);

/** A blob, and of the app no more than its logo. */
export function ViewerPage({ link }: { readonly link: ShortLink }) {
  const { say } = useWords();
  const desk = useBlobDesk(link);
  return (
    <div className={c('page')}>
      <header className={c('header')}>
        <a className={c('brand')} href={siteUrl()}>
          <Logo size={26} />
          <span translate="no">{say('app.name')}</span>
        </a>
        <NetworkChip />
      </header>
      <main className={c('main')}>
        <BlobView desk={desk} link={link} level={1} />
      </main>
      <LiveRegions />
    </div>
  );
}
