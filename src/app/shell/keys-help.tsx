import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { MessageKey } from '../../presentation/messages.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Keyboard } from '../parts/icons.ts';
import { isField } from '../parts/is-field.ts';
import { Sheet } from '../parts/sheet.tsx';
import { arrival, PLACES } from '../routes.ts';
import { useSetting } from '../settings/use-setting.ts';
import { useWords } from '../words.tsx';
import css from './keys-help.module.css';

const c = classesOf(css);

/** Keys and what they do; a key is a message or the character itself. */
const KEYS: readonly (readonly [key: MessageKey | '/' | '?', does: MessageKey])[] = [
  ['/', 'keys.toOpen'],
  ['?', 'keys.help'],
  ['keys.keyPaste', 'keys.paste'],
  ['keys.keyArrows', 'keys.arrows'],
  ['keys.keySpace', 'keys.select'],
  ['keys.keyAll', 'keys.all'],
  ['keys.keyEnter', 'keys.enter'],
  ['keys.keyDelete', 'keys.remove'],
  ['keys.keyEscape', 'keys.escape'],
];

/** Whether a key belongs to a layer over the page; one that is closing has no keys any more. */
function isInLayer(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest('[role=dialog], [role=menu]') !== null &&
    target.closest('[data-exiting]') === null
  );
}

/** The list of keys, and the two keys that work everywhere outside of fields. */
export function KeysHelp() {
  const { say } = useWords();
  const [isOpen, setOpen] = useState(false);
  const [setting] = useSetting('keys');
  const [place, go] = useLocation();
  useEffect(() => {
    if (setting === 'off') return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isField(event.target) || isInLayer(event.target)) return;
      if (event.key === '?') setOpen(true);
      else if (event.key === '/') {
        event.preventDefault();
        go(PLACES.open, { state: arrival('field'), replace: place === PLACES.open });
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [setting, place, go]);
  return (
    <div className={c('keys')}>
      <Action kind="icon" onPress={() => setOpen(true)} aria-label={say('keys.open')}>
        <Icon of={Keyboard} />
      </Action>
      <Sheet title={say('keys.title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <dl className={c('list')}>
          {KEYS.map(([key, does]) => (
            <div key={key} className={c('row')}>
              <dt>
                <kbd className={c('key')}>{key === '/' || key === '?' ? key : say(key)}</kbd>
              </dt>
              <dd>{say(does)}</dd>
            </div>
          ))}
        </dl>
      </Sheet>
    </div>
  );
}
