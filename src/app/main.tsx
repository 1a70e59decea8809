import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/layers.css';
import '../presentation/tokens.css';
import './styles/base.css';
import { App } from './app.tsx';
import { keepOffline } from './offline.ts';
import { createServices, ServicesContext } from './services.ts';
import { followLook } from './settings/look.ts';
import { settingNow } from './settings/use-setting.ts';
import { whenIdle } from './when-idle.ts';
import { languageFor, loadWords, WordsProvider } from './words.tsx';

const services = createServices();
services.drops.attach(window); // before the first paint, so that no drop replaces the page
followLook();

// Browsers read the icon's address again when the place changes, so it must not depend on the place.
const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
icon?.setAttribute('href', icon.href);

const root = document.getElementById('app');
if (root !== null) {
  const words = await loadWords(languageFor(settingNow('language')));
  createRoot(root).render(
    <StrictMode>
      <ServicesContext value={services}>
        <WordsProvider initial={words}>
          <App />
        </WordsProvider>
      </ServicesContext>
    </StrictMode>,
  );
}

keepOffline(services);
whenIdle(() => void services.wallet.restore());
