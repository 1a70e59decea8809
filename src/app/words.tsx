import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { type Formats, formatsFor } from '../presentation/format.ts';
import {
  type CatalogPart,
  chooseLanguage,
  directionOf,
  formatLocale,
  type Language,
  loadCatalog,
} from '../presentation/languages.ts';
import { createSay, type Message, type Say } from '../presentation/messages.ts';
import { preferredLanguages } from './doors.ts';
import { useSetting } from './settings/use-setting.ts';

/** Words and formats of the chosen language. */
export interface Words {
  readonly language: Language;
  readonly part: CatalogPart;
  readonly say: Say;
  readonly formats: Formats;
}

const WordsContext = createContext<Words | undefined>(undefined);

/** Loads words of a language; the result is ready to show. */
export async function loadWords(language: Language, part: CatalogPart): Promise<Words> {
  const locale = formatLocale(language, preferredLanguages());
  return {
    ...{ language, part },
    formats: formatsFor(locale),
    say: createSay(locale, await loadCatalog(language, part)),
  };
}

/** The language that setting and browser lead to. */
export function languageFor(setting: string | undefined): Language {
  return chooseLanguage(setting, preferredLanguages());
}

/** Provides words to everything below; changes them when the setting changes. */
export function WordsProvider(props: { initial: Words; children: ReactNode }) {
  const [words, setWords] = useState(props.initial);
  const [setting] = useSetting('language');
  const language = languageFor(setting);
  useEffect(() => {
    if (language === words.language) return;
    let isWanted = true;
    void loadWords(language, words.part).then((loaded) => {
      if (isWanted) setWords(loaded);
    });
    return () => {
      isWanted = false;
    };
  }, [language, words]);
  useEffect(() => {
    const root = document.documentElement;
    root.lang = words.language;
    root.dir = directionOf(words.language);
  }, [words.language]);
  return (
    <WordsContext value={words}>
      <I18nProvider locale={words.formats.locale}>{props.children}</I18nProvider>
    </WordsContext>
  );
}

export function useWords(): Words & { tell(message: Message): string } {
  const words = useContext(WordsContext);
  if (words === undefined) throw new Error('words are missing');
  return useMemo(
    () => ({ ...words, tell: ({ key, values }: Message) => words.say(key, values) }),
    [words],
  );
}
