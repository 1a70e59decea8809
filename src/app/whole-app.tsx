import { App } from './app.tsx';
import type { DropDesk } from './drop/drop-desk.ts';
import { keepOffline } from './offline.ts';
import { createServices, ServicesContext } from './services.ts';
import { showPage } from './show-page.tsx';
import { whenIdle } from './when-idle.ts';

/** Starts all places of the app. @param drops that listens already */
export async function startApp(drops: DropDesk): Promise<void> {
  const services = createServices(drops);
  await showPage(
    services,
    <ServicesContext value={services}>
      <App />
    </ServicesContext>,
    'all',
  );
  keepOffline(services);
  whenIdle(() => void services.wallet.restore());
}
