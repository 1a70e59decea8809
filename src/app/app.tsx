import { useEffect, useState } from 'react';
import { Route, Router, Switch } from 'wouter';
import { later } from './parts/later.tsx';
import { OPENED_ROUTE, PLACES, routing, UPLOAD_ROUTE } from './routes.ts';
import { Shell } from './shell/shell.tsx';
import { UnknownPlace } from './shell/unknown-place.tsx';
import { Announcements } from './store/announcements.ts';
import { StorePlace } from './store/store-place.tsx';
import { DoneNotices } from './uploads/use-done-notice.ts';
import { whenIdle } from './when-idle.ts';

const ComparePlace = later(async () => (await import('./compare/compare-place.tsx')).ComparePlace);
const NetworkPlace = later(async () => (await import('./nodes/network-place.tsx')).NetworkPlace);
const OpenPlace = later(async () => (await import('./open/open-place.tsx')).OpenPlace);
const ReceiptPlace = later(async () => (await import('./open/receipt-place.tsx')).ReceiptPlace);
const SettingsPlace = later(
  async () => (await import('./settings/settings-place.tsx')).SettingsPlace,
);
const UploadPlace = later(async () => (await import('./uploads/upload-place.tsx')).UploadPlace);

/** Places are there before somebody goes to them, so that files dropped right after that arrive where they should. */
function loadPlaces(): void {
  const places = [
    ...[ComparePlace, OpenPlace, ReceiptPlace],
    ...[NetworkPlace, SettingsPlace, UploadPlace],
  ];
  for (const place of places) place.load().catch(() => undefined);
}

export function App() {
  const [{ base, hook }] = useState(routing);
  useEffect(() => whenIdle(loadPlaces), []);
  return (
    <Router base={base} hook={hook}>
      <Shell>
        <Announcements />
        <DoneNotices />
        <Switch>
          <Route path={PLACES.store} component={StorePlace} />
          <Route path={UPLOAD_ROUTE} component={UploadPlace} />
          <Route path={PLACES.open} component={OpenPlace} />
          <Route path={PLACES.compare} component={ComparePlace} />
          <Route path={PLACES.network} component={NetworkPlace} />
          <Route path={PLACES.receipt} component={ReceiptPlace} />
          <Route path={OPENED_ROUTE} component={OpenPlace} />
          <Route path={PLACES.settings} component={SettingsPlace} />
          <Route component={UnknownPlace} />
        </Switch>
      </Shell>
    </Router>
  );
}
