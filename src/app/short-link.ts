/** A link to one blob. */
export interface ShortLink {
  readonly kind: 'blob' | 'object';
  /** as it stands in the link */
  readonly id: string;
  /** where a film or a sound begins, in seconds */
  readonly startSeconds?: number;
  /** whether the whole blob is checked before anything of it is shown */
  readonly isStrict: boolean;
  /** whether it is there to be downloaded */
  readonly isDownload: boolean;
}

const KINDS = { b: 'blob', o: 'object' } as const;

/**
 * Reads the address of a page.
 *
 * @param base where the app lies on its host, without a slash at the end
 * @returns undefined for any other place of the app
 */
export function readShortLink(
  { pathname, search, hash }: Pick<Location, 'pathname' | 'search' | 'hash'>,
  base: string,
): ShortLink | undefined {
  const path = hash.startsWith('#/') ? hash.slice(1) : pathname.slice(base.length) + search;
  const [, letter, id, query] = /^\/([bo])\/([^/?]+)\/?(?:\?(.*))?$/.exec(path) ?? [];
  if (letter === undefined || id === undefined) return undefined;
  const wishes = new URLSearchParams(query);
  const start = Number(wishes.get('t') ?? 0);
  return {
    kind: KINDS[letter as keyof typeof KINDS],
    id,
    ...(start > 0 && Number.isFinite(start) ? { startSeconds: start } : {}),
    isStrict: wishes.get('strict') === '1',
    isDownload: wishes.get('dl') === '1',
  };
}

/**
 * The link that a stranger can open.
 *
 * @param site address of the app, with a slash at the end
 * @param form 'path' where the host answers for every path with the app, else 'hash'
 */
export function writeShortLink(site: string, blobId: string, form: 'path' | 'hash'): string {
  return `${site}${form === 'hash' ? '#/' : ''}b/${blobId}`;
}
