import type { ReactNode } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import css from './choice.module.css';
import { classesOf } from './classes.ts';

const c = classesOf(css);

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface ChoiceProps<Value extends string> {
  /** name of the group */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly Option<Value>[];
  readonly className?: string;
  /** what stands above the options, in the group */
  readonly children?: ReactNode;
}

/** One of a few, all in sight. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, onChange, options, className = '', children } = props;
  return (
    <RadioGroup
      className={className}
      aria-label={label}
      value={value}
      onChange={(chosen) => onChange(chosen as Value)}
    >
      {children}
      <div className={c('options')}>
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className={c('option')}>
            <span className={c('dot')} aria-hidden="true" />
            {option.label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
