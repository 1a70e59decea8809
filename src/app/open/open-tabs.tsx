import { Link, useRoute } from 'wouter';
import type { MessageKey } from '../../presentation/messages.ts';
import { classesOf } from '../parts/classes.ts';
import { PLACES } from '../routes.ts';
import { useWords } from '../words.tsx';
import css from './open-place.module.css';

const c = classesOf(css);

const TABS: readonly (readonly [path: string, key: MessageKey])[] = [
  [PLACES.open, 'open.lookUp'],
  [PLACES.compare, 'open.compare'],
  [PLACES.receipt, 'open.receipt'],
];

/** The three things to do here, each a place of its own. */
export function OpenTabs() {
  const { say } = useWords();
  return (
    <nav className={c('tabs')} aria-label={say('open.tabs')}>
      {TABS.map(([path, key]) => (
        <Tab key={path} path={path} label={say(key)} />
      ))}
    </nav>
  );
}

function Tab({ path, label }: { readonly path: string; readonly label: string }) {
  const [isHere] = useRoute(path);
  return (
    <Link href={path} className={c('tab')} {...(isHere ? { 'aria-current': 'page' as const } : {})}>
      {label}
    </Link>
  );
}
