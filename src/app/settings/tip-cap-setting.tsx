import { useState } from 'react';
import { Group, Input, Label, Text, TextField } from 'react-aria-components';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Minus, Plus } from '../parts/icons.ts';
import { useWords } from '../words.tsx';
import { tipCap } from './terms.ts';
import css from './tip-cap-setting.module.css';
import { useSetting } from './use-setting.ts';

const c = classesOf(css);

const MIST_PER_SUI = 1e9;
const MOST_SUI = 10;
const STEP_SUI = 0.001;

/** The most that a relay may be given for a file. Not a number field of the library's: it writes markup, which our policy forbids. */
export function TipCapSetting() {
  const { say } = useWords();
  const [setting, setSetting] = useSetting('tipCap');
  /** what is being typed */
  const [typed, setTyped] = useState<string>();
  const sui = Number(tipCap(setting)) / MIST_PER_SUI;
  const choose = (next: number) => {
    const bounded = Math.min(MOST_SUI, Math.max(0, next));
    setSetting(String(Math.round(bounded * MIST_PER_SUI)));
  };
  const end = () => {
    const text = typed?.trim().replace(',', '.');
    setTyped(undefined);
    if (text === '') setSetting(undefined);
    else if (text !== undefined && !Number.isNaN(Number(text))) choose(Number(text));
  };
  return (
    <TextField
      className={`card field ${c('narrow')}`}
      value={typed ?? sui.toFixed(9).replace(/\.?0+$/, '')}
      onChange={setTyped}
    >
      <Label className="label">{say('settings.tipCap')}</Label>
      <Text slot="description" className="hint">
        {say('settings.tipCapHint')}
      </Text>
      <Group className={c('group')}>
        <Action
          kind="icon"
          aria-label={say('settings.tipCapLess')}
          onPress={() => choose(sui - STEP_SUI)}
        >
          <Icon of={Minus} />
        </Action>
        <Input
          className={`${c('input')} numeric`}
          inputMode="decimal"
          onBlur={end}
          onKeyDown={({ key }) => key === 'Enter' && end()}
        />
        <span aria-hidden="true">{say('settings.tipCapUnit')}</span>
        <Action
          kind="icon"
          aria-label={say('settings.tipCapMore')}
          onPress={() => choose(sui + STEP_SUI)}
        >
          <Icon of={Plus} />
        </Action>
      </Group>
    </TextField>
  );
}
