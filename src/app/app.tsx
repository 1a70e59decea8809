import { useState } from 'react';
import { Route, Router, Switch } from 'wouter';
import { later } from './parts/later.tsx';
import { PLACES, routing, UPLOAD_ROUTE } from './routes.ts';
import { Shell } from './shell/shell.tsx';
import { UnknownPlace } from './shell/unknown-place.tsx';
import { Announcements } from './store/announcements.ts';
import { StorePlace } from './store/store-place.tsx';

const ComparePlace = later(async () => (await import('./compare/compare-place.tsx')).ComparePlace);
const SettingsPlace = later(
  async () => (await import('./settings/settings-place.tsx')).SettingsPlace,
);
const UploadPlace = later(async () => (await import('./uploads/upload-place.tsx')).UploadPlace);

export function App() {
  const [{ base, hook }] = useState(routing);
  return (
    <Router base={base} hook={hook}>
      <Shell>
        <Announcements />
        <Switch>
          <Route path={PLACES.store} component={StorePlace} />
          <Route path={UPLOAD_ROUTE} component={UploadPlace} />
          <Route path={PLACES.compare} component={ComparePlace} />
          <Route path={PLACES.settings} component={SettingsPlace} />
          <Route component={UnknownPlace} />
        </Switch>
      </Shell>
    </Router>
  );
}
