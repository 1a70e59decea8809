import type { SeenParts } from '../../presentation/verification-map.ts';
import type { Shown } from './blob-state.ts';

/** The element for a type of the closed list; 'card' where there is none. */
export type ShownAs = 'image' | 'video' | 'audio' | 'document' | 'text' | 'card';

export function shownAs(type: string): ShownAs {
  const [family = ''] = type.split('/');
  if (family === 'image' || family === 'video' || family === 'audio') return family;
  if (type === 'application/pdf') return 'document';
  return type.startsWith('text/plain') ? 'text' : 'card';
}

/** Whether something was read, and is shown. */
export function isOnShow(
  { head, why }: Pick<Shown, 'head' | 'why'>,
  { parts }: SeenParts,
): boolean {
  return shownAs(head.type) !== 'card' && why === undefined && parts.size > 0;
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'video/quicktime': 'mov',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'text/plain': 'txt',
};

/** What a file of a type is usually called behind the dot. */
export function endingOf(type: string): string {
  const [name = ''] = type.split(';');
  if (name === 'application/octet-stream' || name === '') return 'bin';
  return ENDINGS[name] ?? name.slice(name.indexOf('/') + 1);
}
