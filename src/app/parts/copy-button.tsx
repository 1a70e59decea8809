import type { ReactNode } from 'react';
import { useCopy } from '../use-copy.ts';
import { useWords } from '../words.tsx';
import { Action } from './action.tsx';
import { CopyIcon } from './copy-icon.tsx';

interface CopyButtonProps {
  /** made when pressed, because some texts are long */
  readonly text: () => string;
  /** name for screen readers; the only name if there are no children */
  readonly label?: string;
  /** spoken when done */
  readonly done: string;
  readonly kind?: 'primary' | 'secondary' | 'quiet' | 'icon';
  readonly children?: ReactNode;
}

/** Copies a text and says whether it worked, on the button and aloud. */
export function CopyButton({ text, label, done, kind = 'icon', children }: CopyButtonProps) {
  const { say } = useWords();
  const [copied, copy] = useCopy();
  const word = copied && say(copied === 'done' ? 'copy.done' : 'copy.refusedShort');
  return (
    <Action
      kind={kind}
      onPress={() => void copy(text(), done)}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      <CopyIcon copied={copied} />
      {children !== undefined && (word ?? children)}
    </Action>
  );
}
