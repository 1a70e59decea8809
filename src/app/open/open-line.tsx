import { type ReactNode, type RefObject, useCallback, useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { malformedText } from '../compare/malformed-text.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './open-line.module.css';
import { useOpen } from './use-open.ts';

const c = classesOf(css);

/** What stands in a field for whatever names a blob, and what is wrong with it. */
export interface OpenText {
  readonly text: string;
  readonly error: unknown;
  change(text: string): void;
  /** opens what a text names */
  take(text: string): void;
}

export function useOpenText(begin = ''): OpenText {
  const [text, setText] = useState(begin);
  const [error, setError] = useState<unknown>();
  const open = useOpen();
  const change = useCallback((next: string) => {
    setText(next);
    setError(undefined);
  }, []);
  const take = useCallback(
    (given: string) => {
      setText(given);
      setError(open(given));
    },
    [open],
  );
  return { text, error, change, take };
}

interface OpenLineProps {
  readonly of: OpenText;
  readonly className?: string;
  readonly label: string;
  /** on the button */
  readonly go: string;
  readonly kind?: 'primary' | 'secondary';
  readonly hint?: string;
  readonly input?: RefObject<HTMLInputElement | null>;
  readonly children?: ReactNode;
}

/** The field, and the button that opens it. */
export function OpenLine({ of, className, label, go, kind, hint, input, children }: OpenLineProps) {
  const { say } = useWords();
  return (
    <Form
      className={`field ${className ?? ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        of.take(of.text);
      }}
    >
      <TextField
        className="field"
        value={of.text}
        onChange={of.change}
        isInvalid={of.error !== undefined}
        validationBehavior="aria"
      >
        <Label className="label">{label}</Label>
        <div className={c('line')}>
          <Input
            {...(input ? { ref: input } : {})}
            className="text-input"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            dir="ltr"
          />
          <Action type="submit" kind={kind ?? 'secondary'}>
            {go}
          </Action>
        </div>
        {of.error === undefined ? (
          hint !== undefined && (
            <Text slot="description" className="hint">
              {hint}
            </Text>
          )
        ) : (
          <FieldError className="field-error">{malformedText(of.error, say)}</FieldError>
        )}
      </TextField>
      {children}
    </Form>
  );
}
