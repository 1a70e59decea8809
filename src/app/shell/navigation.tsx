import { Link, useRoute } from 'wouter';
import type { MessageKey } from '../../presentation/messages.ts';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { FolderSearch, FolderUp, type LucideIcon, Network, Settings } from '../parts/icons.ts';
import { PLACES } from '../routes.ts';
import { useWords } from '../words.tsx';
import css from './navigation.module.css';

const c = classesOf(css);

const ENTRIES: readonly { path: string; below?: string; key: MessageKey; icon: LucideIcon }[] = [
  { path: PLACES.store, key: 'nav.store', icon: FolderUp },
  { path: PLACES.open, below: `${PLACES.open}/*?`, key: 'nav.open', icon: FolderSearch },
  { path: PLACES.network, key: 'nav.network', icon: Network },
  { path: PLACES.settings, key: 'nav.settings', icon: Settings },
];

/** The places: a bar at the bottom, a rail at the side or words in the header, by width. */
export function Navigation() {
  const { say } = useWords();
  return (
    <nav className={c('nav')} aria-label={say('nav.label')}>
      {ENTRIES.map(({ path, below = path, key, icon }) => (
        <Entry key={path} path={path} below={below} icon={icon} label={say(key)} />
      ))}
    </nav>
  );
}

function Entry(props: { path: string; below: string; icon: LucideIcon; label: string }) {
  const [isHere] = useRoute(props.below);
  return (
    <Link
      href={props.path}
      className={c('entry')}
      {...(isHere ? { 'aria-current': 'page' as const } : {})}
    >
      <Icon of={props.icon} />
      <span>{props.label}</span>
    </Link>
  );
}
