import { useCallback, useEffect, useRef, useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { useHistoryState } from 'wouter/use-browser-location';
import { malformedText } from '../compare/malformed-text.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { QrCode } from '../parts/icons.ts';
import { focusOf } from '../routes.ts';
import { useWords } from '../words.tsx';
import css from './open-place.module.css';
import { useOpen } from './use-open.ts';
import { useOpenedFile } from './use-opened-file.ts';

const c = classesOf(css);

/** One field for whatever names a blob: an ID, a link, the text of a receipt; or a picture of a QR code. */
export function OpenField({ id = '' }: { readonly id?: string | undefined }) {
  const { say } = useWords();
  const [text, setText] = useState(id);
  const [error, setError] = useState<unknown>();
  const input = useRef<HTMLInputElement>(null);
  const open = useOpen();
  const state: unknown = useHistoryState();
  useEffect(() => {
    if (focusOf(state) === 'field') input.current?.focus();
  }, [state]);
  const take = useCallback(
    (given: string) => {
      setText(given);
      setError(open(given));
    },
    [open],
  );
  const file = useOpenedFile(take);
  return (
    <Form
      className={`card ${c('form')}`}
      onSubmit={(event) => {
        event.preventDefault();
        take(text);
      }}
    >
      <TextField
        className={c('field')}
        value={text}
        onChange={(value) => {
          setText(value);
          setError(undefined);
        }}
        isInvalid={error !== undefined}
        validationBehavior="aria"
      >
        <Label className={c('label')}>{say('open.field')}</Label>
        <div className={c('line')}>
          <Input
            ref={input}
            className="text-input"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            dir="ltr"
          />
          <Action type="submit" kind="primary">
            {say('open.go')}
          </Action>
        </div>
        {error === undefined ? (
          <Text slot="description" className="hint">
            {say('open.fieldHint')}
          </Text>
        ) : (
          <FieldError className={c('error')}>{malformedText(error, say)}</FieldError>
        )}
      </TextField>
      <div className={c('more')}>
        <Action kind="quiet" onPress={() => void file.choose()}>
          <Icon of={QrCode} size={18} />
          {say('open.file')}
        </Action>
        {file.isUnread && <p className={c('error')}>{say('open.fileUnread')}</p>}
      </div>
    </Form>
  );
}
