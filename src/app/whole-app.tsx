import { App } from './app.tsx';
import { keepOffline } from './offline.ts';
import { createServices, ServicesContext } from './services.ts';
import { showPage } from './show-page.tsx';
import { whenIdle } from './when-idle.ts';

/** Starts all places of the app. */
export async function startApp(): Promise<void> {
  const services = createServices();
  services.drops.attach(window); // before the first paint, so that no drop replaces the page
  await showPage(
    services,
    <ServicesContext value={services}>
      <App />
    </ServicesContext>,
    'all',
  );
  keepOffline(services.engine);
  whenIdle(() => void services.wallet.restore());
}
