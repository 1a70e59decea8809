import { useEffect, useRef, useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { askOwnServer } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { siteAddress } from '../routes.ts';
import { useWords } from '../words.tsx';
import css from './bad-days.module.css';

const c = classesOf(css);
const NONE = '';

interface Days {
  readonly day: string | null;
  readonly days: readonly { readonly name: string; readonly sentence: string }[];
}

/** Switches of a local network: break it, and watch what holds. Nothing where the server has none. */
export function BadDays({ onChange }: { onChange(): void }) {
  const { say } = useWords();
  const [days, setDays] = useState<Days>();
  const isEnding = useRef(false);
  useEffect(() => {
    void ask('day').then(setDays);
  }, []);
  if (days === undefined) return null;
  const choose = async (name: string) => {
    setDays((await ask('day', { name: name === NONE ? null : name })) ?? days);
    onChange();
  };
  const endEpoch = async () => {
    if (isEnding.current) return; // one at a time; the button keeps focus
    isEnding.current = true;
    await ask('epoch', {});
    isEnding.current = false;
    onChange();
  };
  return (
    <section className={`card ${c('card')}`} data-day={days.day ?? NONE}>
      <h2>{say('badDays.title')}</h2>
      <p className="hint">{say('badDays.hint')}</p>
      <RadioGroup className={c('choice')} value={days.day ?? NONE} onChange={choose}>
        <Label className="visually-hidden">{say('badDays.title')}</Label>
        <Radio className={c('day')} value={NONE}>
          {say('badDays.none')}
        </Radio>
        {days.days.map(({ name, sentence }) => (
          <Radio key={name} className={c('day')} value={name}>
            {/* the network's own words, which are English */}
            <span lang="en">{sentence}</span>
          </Radio>
        ))}
      </RadioGroup>
      <Action onPress={() => void endEpoch()}>{say('badDays.epoch')}</Action>
    </section>
  );
}

function ask(path: string, body?: unknown): Promise<Days | undefined> {
  return askOwnServer(siteAddress(`local-network/${path}`), body) as Promise<Days | undefined>;
}
