import { Group, Input, Label, NumberField, Text } from 'react-aria-components';
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

/** The most that a relay may be given for a file. */
export function TipCapSetting() {
  const { say } = useWords();
  const [setting, setSetting] = useSetting('tipCap');
  const choose = (sui: number) =>
    setSetting(Number.isNaN(sui) ? undefined : String(Math.round(sui * MIST_PER_SUI)));
  return (
    <NumberField
      className={`card ${c('field')}`}
      value={Number(tipCap(setting)) / MIST_PER_SUI}
      onChange={choose}
      minValue={0}
      maxValue={MOST_SUI}
      step={STEP_SUI}
      formatOptions={{ maximumFractionDigits: 3 }}
    >
      <Label className={c('label')}>{say('settings.tipCap')}</Label>
      <Text slot="description" className="hint">
        {say('settings.tipCapHint')}
      </Text>
      <Group className={c('group')}>
        <Action kind="icon" slot="decrement">
          <Icon of={Minus} />
        </Action>
        <Input className={`${c('input')} numeric`} />
        <span aria-hidden="true">{say('settings.tipCapUnit')}</span>
        <Action kind="icon" slot="increment">
          <Icon of={Plus} />
        </Action>
      </Group>
    </NumberField>
  );
}
