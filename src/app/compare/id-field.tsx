import { useEffect, useRef } from 'react';
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';
import { useHistoryState } from 'wouter/use-browser-location';
import type { CompareView } from '../../flows/compare-flow.ts';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { focusOf } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './compare-place.module.css';
import { malformedText } from './malformed-text.ts';

const c = classesOf(css);

/** The ID that the file should have; says what is wrong with it once the person has left the field. */
export function IdField({ view }: { view: CompareView }) {
  const { say } = useWords();
  const { compare } = useServices();
  const input = useRef<HTMLInputElement>(null);
  const state: unknown = useHistoryState();
  useEffect(() => {
    if (focusOf(state) === 'field') input.current?.focus();
  }, [state]);
  const { pasted, text } = view;
  return (
    <TextField
      className="card field"
      value={text}
      onChange={(value) => compare.setText(value)}
      isInvalid={pasted.kind === 'malformed'}
    >
      <Label className="label">{say('verify.idLabel')}</Label>
      <Input
        ref={input}
        className={`text-input ${c('input')}`}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        dir="ltr"
      />
      {pasted.kind === 'malformed' ? (
        <FieldError className="field-error">{malformedText(pasted.error, say)}</FieldError>
      ) : (
        <Text slot="description" className="hint">
          {pasted.kind === 'id' && pasted.isInside ? (
            <>
              {say('verify.idFound')} <BlobId id={pasted.blobId} isWhole />
            </>
          ) : (
            say('verify.idHint')
          )}
        </Text>
      )}
    </TextField>
  );
}
