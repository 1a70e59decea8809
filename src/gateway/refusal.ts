import { formatsFor } from '../presentation/format.ts';
import {
  chooseLanguage,
  directionOf,
  formatLocale,
  loadCatalog,
} from '../presentation/languages.ts';
import { createSay, type MessageKey, type Say } from '../presentation/messages.ts';
import { errorSentence } from '../presentation/sentence.ts';
import { type ErrorCode, isHauloutError } from '../protocol/errors.ts';
import { ISOLATION } from './headers.ts';
import type { RefusedWhy } from './router.ts';
import { preferredLanguages } from './site-door.ts';

/** Why there is no answer with bytes: an error, or what the worker itself does not do. */
export type Problem = { readonly error: unknown } | { readonly why: RefusedWhy | 'network' };

/** For whom the answer is. */
export interface Asker {
  readonly method: string;
  readonly destination: string;
  /** where the app lies */
  readonly root: URL;
}

interface Told {
  readonly status: number;
  /** in the header */
  readonly code: string;
  sentence(say: Say, locale: string): string;
}

/** Codes that are no passing trouble of this side. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  'blob-unknown': 404,
  'blob-blocked': 451,
  'blob-inconsistent': 502,
  'metadata-unavailable': 504,
  'not-enough-slivers': 504,
  'host-unreachable': 504,
  'host-silent': 504,
};
const UNAVAILABLE = 503;

const REFUSED: Readonly<Record<RefusedWhy | 'network', { status: number; key: MessageKey }>> = {
  destination: { status: 403, key: 'gateway.destination' },
  method: { status: 405, key: 'gateway.method' },
  address: { status: 404, key: 'gateway.address' },
  network: { status: UNAVAILABLE, key: 'gateway.network' },
};

/** An answer without bytes of a blob: a page where a page was asked for, else a line of text. */
export async function refusal(problem: Problem, asker: Asker): Promise<Response> {
  const { status, code, sentence } = toldOf(problem);
  const language = chooseLanguage(undefined, preferredLanguages());
  const locale = formatLocale(language, preferredLanguages());
  const say = createSay(locale, await loadCatalog(language, 'all'));
  const text = sentence(say, locale);
  const isPage = asker.destination === 'document' || asker.destination === 'iframe';
  const page = () => pageOf(text, say, asker, { lang: language, dir: directionOf(language) });
  const body = isPage ? page() : `${text}\n`;
  const headers = new Headers({
    ...ISOLATION,
    'cache-control': 'no-store',
    'content-type': `text/${isPage ? 'html' : 'plain'}; charset=utf-8`,
    'haulout-error': code,
  });
  if (status === 405) headers.set('allow', 'GET, HEAD');
  return new Response(asker.method === 'HEAD' ? null : body, { status, headers });
}

function toldOf(problem: Problem): Told {
  if ('why' in problem) {
    const { status, key } = REFUSED[problem.why];
    return { status, code: `refused-${problem.why}`, sentence: (say) => say(key) };
  }
  const { error } = problem;
  const code = isHauloutError(error) ? error.code : undefined;
  return {
    status: (code && STATUS[code]) ?? UNAVAILABLE,
    code: code ?? 'unknown',
    sentence(say, locale) {
      const { happened } = errorSentence(error, formatsFor(locale), say);
      return say(happened.key, happened.values);
    },
  };
}

const STYLE =
  ':root{color-scheme:light dark;font:1.1rem/1.5 system-ui,sans-serif}' +
  'body{max-width:34rem;margin:12vh auto;padding:0 1.25rem}h1{font-size:1.4rem}';

function pageOf(
  text: string,
  say: Say,
  { destination, root }: Asker,
  { lang, dir }: { readonly lang: string; readonly dir: string },
): string {
  const start = `<p><a href="${escaped(root.href)}">${escaped(say('gateway.start'))}</a></p>`;
  return [
    `<!doctype html><html lang="${lang}" dir="${dir}"><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escaped(say('gateway.title'))}</title><style>${STYLE}</style>`,
    `<h1>${escaped(text)}</h1><p>${escaped(say('gateway.safe'))}</p>`,
    destination === 'document' ? start : '',
  ].join('');
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
