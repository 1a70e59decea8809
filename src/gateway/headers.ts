import { BLOB_POLICY } from '../flows/read/blob-policy.ts';

/** Nothing of an answer runs or reaches anybody, whatever it is and however it is opened. */
export const ISOLATION: Readonly<Record<string, string>> = {
  'content-security-policy': BLOB_POLICY,
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const SHOWN = /^(?:(?:image|video|audio)\/|application\/pdf$|text\/plain(?:;|$))/;
const NAME_LENGTH = 180;

export interface Saving {
  /** foreign text */
  readonly name?: string | undefined;
  /** saved even if it could be shown */
  readonly isWanted: boolean;
}

/** `Content-Disposition`: what cannot be shown is saved. */
export function disposition(contentType: string, { name, isWanted }: Saving): string {
  const kind = isWanted || !SHOWN.test(contentType) ? 'attachment' : 'inline';
  const safe = safeName(name ?? '');
  if (safe === '') return kind;
  const ascii = safe.replaceAll(/[^\x20-\x7e]|["\\%]/gu, '_');
  const exact = ascii === safe ? '' : `; filename*=UTF-8''${encoded(safe)}`;
  return `${kind}; filename="${ascii}"${exact}`;
}

/** A name without what leads to other folders, hides itself, or is not to be seen. */
function safeName(name: string): string {
  const plain = name
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/[/\\:*?"<>|]/g, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '');
  const letters = [...plain];
  if (letters.length <= NAME_LENGTH) return plain;
  const [ending = ''] = /\.[a-z0-9]{1,8}$/i.exec(plain) ?? [];
  return letters.slice(0, NAME_LENGTH - ending.length).join('') + ending;
}

/** As RFC 8187 has it: more is encoded than in addresses. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The name in a `Content-Disposition` that somebody wrote as an attribute of a blob.
 *
 * @param text foreign
 */
export function nameIn(text: string): string | undefined {
  const [, exact] = /;\s*filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(text) ?? [];
  try {
    if (exact !== undefined) return decodeURIComponent(exact);
  } catch {
    // malformed; the plain one may be well
  }
  const [, quoted, token] =
    /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(text) ?? [];
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? token;
}
