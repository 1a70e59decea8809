import { createContext, useContext } from 'react';
import type { EngineDesk } from './engine-desk.ts';
import type { PageNetwork } from './network.ts';
import type { LiveText } from './shell/live-text.ts';

/** What every page of ours has, also one that only shows a blob. */
export interface Base {
  readonly network: PageNetwork;
  readonly engine: EngineDesk;
  readonly live: LiveText;
}

export const BaseContext = createContext<Base | undefined>(undefined);

export function useBase(): Base {
  const base = useContext(BaseContext);
  if (base === undefined) throw new Error('the base is missing');
  return base;
}
