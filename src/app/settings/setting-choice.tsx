import { Choice, type Option } from '../parts/choice.tsx';

interface SettingChoiceProps<Value extends string> {
  readonly label: string;
  /** what the choice means */
  readonly hint?: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly Option<Value>[];
}

/** One setting, all of whose values are in sight. */
export function SettingChoice<Value extends string>({ hint, ...rest }: SettingChoiceProps<Value>) {
  return (
    <Choice className="card" {...rest}>
      <h2>{rest.label}</h2>
      {hint !== undefined && <p className="hint">{hint}</p>}
    </Choice>
  );
}
