import { Check, CircleX, Copy } from 'lucide-react';
import type { Copied } from '../use-copy.ts';
import { Icon } from './icon.tsx';

const SHAPES = { done: Check, refused: CircleX };

/** What copying will do, or how it went. */
export function CopyIcon({ copied }: { copied: Copied }) {
  return <Icon of={copied === undefined ? Copy : SHAPES[copied]} size={18} />;
}
