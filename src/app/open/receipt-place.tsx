import { useCallback, useEffect, useRef, useState } from 'react';
import { Form, Label, TextArea, TextField } from 'react-aria-components';
import { Link } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { findBlobId } from '../../protocol/blob-id.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { focusOf, openedPlace } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { takeReceipt } from './kept-receipt.ts';
import css from './open-place.module.css';
import { OpenTabs } from './open-tabs.tsx';
import { checkReceipt, isContradicted, type ReceiptState } from './receipt-desk.ts';
import { ReceiptResult } from './receipt-result.tsx';
import { useOpenedFile } from './use-opened-file.ts';

const c = classesOf(css);

/** What is left to do with a receipt that does not hold. */
const lookUp = (blobId: string) => (label: string) => (
  <Link href={openedPlace(blobId)}>{label}</Link>
);

/** Does this receipt hold: by itself, and against the chain? */
export function ReceiptPlace() {
  const { say } = useWords();
  const { engine, live } = useServices();
  const [text, setText] = useState('');
  const [state, setState] = useState<ReceiptState>({ kind: 'none' });
  const under = useRef(new AbortController());
  const heading = useRef<HTMLHeadingElement>(null);
  const history: unknown = useHistoryState();
  useEffect(() => {
    if (focusOf(history) === 'heading') heading.current?.focus({ preventScroll: true });
  }, [history]);

  const check = useCallback(
    (json: string) => {
      setText(json);
      under.current.abort();
      under.current = new AbortController();
      void checkReceipt(() => engine.engine(), json, setState, under.current.signal);
    },
    [engine],
  );
  useEffect(() => {
    const given = takeReceipt();
    if (given !== undefined) check(given);
    return () => under.current.abort();
  }, [check]);
  const file = useOpenedFile(check);

  const { kind } = state;
  const isDenied = isContradicted(state);
  useEffect(() => {
    if (kind === 'altered') live.say(say('receipt.liveAltered'));
    if (kind === 'holds' && !isDenied) live.say(say('receipt.liveHolds'));
    if (isDenied) live.say(say('receipt.denied'));
  }, [kind, isDenied, live, say]);

  const named = findBlobId(text);
  return (
    <div className={c('place')} data-receipt={kind}>
      <OpenTabs />
      <div className={c('intro')}>
        <h1 ref={heading} tabIndex={-1}>
          {say('receipt.title')}
        </h1>
        <p className={c('lead')}>{say('receipt.lead')}</p>
      </div>
      <Form
        className="card field"
        onSubmit={(event) => {
          event.preventDefault();
          check(text);
        }}
      >
        <TextField className="field" value={text} onChange={setText}>
          <Label className="label">{say('receipt.field')}</Label>
          <TextArea
            className={`text-input ${c('area')}`}
            rows={4}
            spellCheck={false}
            autoComplete="off"
            dir="ltr"
          />
        </TextField>
        <div className={c('more')}>
          <Action type="submit" kind="primary" isDisabled={text.trim() === ''}>
            {say('receipt.check')}
          </Action>
          <Action onPress={() => void file.choose()}>{say('receipt.choose')}</Action>
          {file.isUnread && <p className="field-error">{say('open.fileUnread')}</p>}
        </div>
      </Form>
      {kind === 'working' && <p className="hint">{say('receipt.working')}</p>}
      {state.kind === 'altered' && (
        <TroubleCard error={state.error} {...(named && { action: lookUp(named) })} />
      )}
      {state.kind === 'unchecked' && <TroubleCard error={state.error} />}
      {state.kind === 'holds' && <ReceiptResult state={state} />}
    </div>
  );
}
