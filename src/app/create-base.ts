import type { Base } from './base.ts';
import { clock } from './doors.ts';
import { EngineDesk } from './engine-desk.ts';
import { networkOfPage } from './network.ts';
import { fetchPart } from './parts/fetch-part.ts';
import { settingNow } from './settings/use-setting.ts';
import { LiveText } from './shell/live-text.ts';

const NOBODY = { onJob: () => {}, onSetAside: () => {}, onLost: () => {} };

/** For a page that stores nothing. */
export function createBase(): Base {
  const network = networkOfPage(settingNow('network'));
  const loadEngine = () => import('../engine/spawn-engine.ts');
  const engine = new EngineDesk(async () => {
    const { spawnEngine } = await fetchPart(loadEngine);
    return spawnEngine({ network: network.network }, NOBODY);
  });
  return { network, engine, live: new LiveText(clock) };
}
