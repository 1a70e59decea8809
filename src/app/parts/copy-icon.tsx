import type { Copied } from '../use-copy.ts';
import { Icon } from './icon.tsx';
import { Check, CircleX, Copy } from './icons.ts';

const SHAPES = { done: Check, refused: CircleX };

/** What copying will do, or how it went. */
export function CopyIcon({ copied }: { copied: Copied }) {
  return <Icon of={copied === undefined ? Copy : SHAPES[copied]} size={18} />;
}
