/// <reference path="./messages/virtual.d.ts" />
import type { LocalizedString } from '@internationalized/string';

/** A language of the catalog; the last two are invented and serve tests. */
export type Language = 'en' | 'en-XA' | 'ar-XB';

export const LANGUAGES: readonly Language[] = ['en', 'en-XA', 'ar-XB'];
const INVENTED: readonly Language[] = ['en-XA', 'ar-XB'];

type Catalog = Record<string, LocalizedString>;

/**
 * The language for a person.
 *
 * @param setting what the person chose, if anything
 * @param preferred tags of the browser, most wanted first
 */
export function chooseLanguage(
  setting: string | undefined,
  preferred: readonly string[],
): Language {
  const chosen = LANGUAGES.find((language) => language === setting);
  if (chosen !== undefined) return chosen;
  const real = LANGUAGES.filter((language) => !INVENTED.includes(language));
  for (const tag of preferred) {
    const [base] = tag.toLowerCase().split('-');
    const match = real.find((language) => language === base);
    if (match !== undefined) return match;
  }
  return 'en';
}

/** Whether this is one of the languages made for tests. */
export function isInvented(language: Language): boolean {
  return INVENTED.includes(language);
}

/**
 * The locale for numbers, dates and plural forms: the browser's own if it is of the chosen language
 * (so that `en-GB` keeps its dates), else the language itself.
 */
export function formatLocale(language: Language, preferred: readonly string[]): string {
  if (language === 'ar-XB') return 'ar-u-nu-latn';
  const [base] = language.split('-');
  return preferred.find((tag) => tag.split('-')[0] === base) ?? 'en-US';
}

/** Reading direction. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar-XB' ? 'rtl' : 'ltr';
}

/** All messages, or those of a page that only shows a blob. */
export type CatalogPart = 'all' | 'viewer';

/** Gives the compiled catalog of a language; the invented ones are always whole. */
export async function loadCatalog(language: Language, part: CatalogPart): Promise<Catalog> {
  switch (language) {
    case 'en-XA':
      return (await import('virtual:messages/en-XA')).default;
    case 'ar-XB':
      return (await import('virtual:messages/ar-XB')).default;
    case 'en':
      return part === 'all'
        ? (await import('virtual:messages/en')).default
        : (await import('virtual:messages/viewer/en')).default;
  }
}
