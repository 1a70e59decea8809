import { Check, Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCopy } from '../use-copy.ts';
import { useWords } from '../words.tsx';
import { Action } from './action.tsx';
import { Icon } from './icon.tsx';
import { useMoment } from './use-moment.ts';

export const COPIED_MS = 2000;

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

/** Copies a text and says so, on the button and aloud. */
export function CopyButton({ text, label, done, kind = 'icon', children }: CopyButtonProps) {
  const { say } = useWords();
  const copy = useCopy();
  const [isCopied, showCopied] = useMoment(COPIED_MS);
  const press = async () => {
    if (await copy(text(), done)) showCopied();
  };
  return (
    <Action
      kind={kind}
      onPress={() => void press()}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      <Icon of={isCopied ? Check : Copy} size={18} />
      {children !== undefined && (isCopied ? say('copy.done') : children)}
    </Action>
  );
}
