import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { CatalogPart } from '../presentation/languages.ts';
import { type Base, BaseContext } from './base.ts';
import { followLook } from './settings/look.ts';
import { settingNow } from './settings/use-setting.ts';
import { languageFor, loadWords, WordsProvider } from './words.tsx';

/** Shows a page in the person's language and look. */
export async function showPage(base: Base, page: ReactNode, part: CatalogPart): Promise<void> {
  followLook();
  // Browsers read the icon's address again when the place changes, so it must not depend on the place.
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  icon?.setAttribute('href', icon.href);
  const root = document.getElementById('app');
  if (root === null) return;
  const words = await loadWords(languageFor(settingNow('language')), part);
  createRoot(root).render(
    <StrictMode>
      <BaseContext value={base}>
        <WordsProvider initial={words}>{page}</WordsProvider>
      </BaseContext>
    </StrictMode>,
  );
}
