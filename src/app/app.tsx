import { useState } from 'react';
import { Route, Router, Switch } from 'wouter';
import { ComparePlace } from './compare/compare-place.tsx';
import { PLACES, routing, UPLOAD_ROUTE } from './routes.ts';
import { SettingsPlace } from './settings/settings-place.tsx';
import { Shell } from './shell/shell.tsx';
import { UnknownPlace } from './shell/unknown-place.tsx';
import { Announcements } from './store/announcements.ts';
import { StorePlace } from './store/store-place.tsx';
import { UploadPlace } from './uploads/upload-place.tsx';

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
