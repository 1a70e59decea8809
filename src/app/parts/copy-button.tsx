import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { clock, writeClipboard } from '../doors.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { Action } from './action.tsx';
import { Icon } from './icon.tsx';

const SHOWN_MS = 2000;

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
  const { live } = useServices();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const stop = new AbortController();
    clock.sleep(SHOWN_MS, stop.signal).then(
      () => setCopied(false),
      () => {},
    );
    return () => stop.abort();
  }, [isCopied]);
  const copy = async () => {
    const isDone = await writeClipboard(text());
    setCopied(isDone);
    live.say(isDone ? done : say('copy.refused'), isDone ? 'polite' : 'assertive');
  };
  return (
    <Action
      kind={kind}
      onPress={() => void copy()}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      <Icon of={isCopied ? Check : Copy} size={18} />
      {children !== undefined && (isCopied ? say('copy.done') : children)}
    </Action>
  );
}
