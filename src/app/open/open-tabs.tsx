import { Link, useLocation } from 'wouter';
import type { MessageKey } from '../../presentation/messages.ts';
import { classesOf } from '../parts/classes.ts';
import { PLACES } from '../routes.ts';
import { useWords } from '../words.tsx';
import css from './open-place.module.css';

const c = classesOf(css);

const OTHERS: readonly (readonly [path: string, key: MessageKey])[] = [
  [PLACES.compare, 'open.compare'],
  [PLACES.receipt, 'open.receipt'],
];

/** The three things to do here, each a place of its own. */
export function OpenTabs() {
  const { say } = useWords();
  const [place] = useLocation();
  const other = OTHERS.find(([path]) => path === place);
  return (
    <nav className={c('tabs')} aria-label={say('open.tabs')}>
      <Tab path={PLACES.open} label={say('open.lookUp')} isHere={other === undefined} />
      {OTHERS.map(([path, key]) => (
        <Tab key={path} path={path} label={say(key)} isHere={path === other?.[0]} />
      ))}
    </nav>
  );
}

interface TabProps {
  readonly path: string;
  readonly label: string;
  readonly isHere: boolean;
}

function Tab({ path, label, isHere }: TabProps) {
  return (
    <Link href={path} className={c('tab')} {...(isHere ? { 'aria-current': 'page' as const } : {})}>
      {label}
    </Link>
  );
}
