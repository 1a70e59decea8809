import { visibleName } from '../../presentation/names.ts';
import type { BlobState } from './blob-state.ts';

/** The name under which this device has stored the blob, ready to be shown. */
export function nameOf({ object }: BlobState): string | undefined {
  const name = object !== undefined && 'name' in object ? object.name : undefined;
  return name === undefined ? undefined : visibleName(name);
}
