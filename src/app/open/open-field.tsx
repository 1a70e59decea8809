import { useEffect, useRef } from 'react';
import { useHistoryState } from 'wouter/use-browser-location';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { QrCode } from '../parts/icons.ts';
import { focusOf } from '../routes.ts';
import { useWords } from '../words.tsx';
import { OpenLine, useOpenText } from './open-line.tsx';
import css from './open-place.module.css';
import { ScanAction } from './scan-action.tsx';
import { useOpenedFile } from './use-opened-file.ts';

const c = classesOf(css);

/** One field for whatever names a blob: an ID, a link, the text of a receipt; or a picture of a QR code. */
export function OpenField({ id = '' }: { readonly id?: string | undefined }) {
  const { say } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const text = useOpenText(id);
  const state: unknown = useHistoryState();
  useEffect(() => {
    if (focusOf(state) === 'field') input.current?.focus();
  }, [state]);
  const file = useOpenedFile(text.take);
  return (
    <OpenLine
      of={text}
      className="card"
      label={say('open.field')}
      go={say('open.go')}
      kind="primary"
      hint={say('open.fieldHint')}
      input={input}
    >
      <div className={c('more')}>
        <Action kind="quiet" onPress={() => void file.choose()}>
          <Icon of={QrCode} size={18} />
          {say('open.file')}
        </Action>
        <ScanAction take={text.take} />
        {file.isUnread && <p className="field-error">{say('open.fileUnread')}</p>}
      </div>
    </OpenLine>
  );
}
