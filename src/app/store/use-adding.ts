import { useCallback, useMemo, useRef, useState } from 'react';
import type { Collected } from '../drop/collect-drop.ts';
import { pickFiles, pickFolder } from '../drop/pick-files.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';

/** Files of the last drops that did not come into the list, by reason. */
export interface LeftOut {
  /** were in the list already */
  readonly known: number;
  /** could not be opened */
  readonly trouble: number;
}

export interface Adding {
  readonly leftOut: LeftOut;
  add(collected: Collected): void;
  chooseFiles(): void;
  chooseFolder(): void;
}

const NONE: LeftOut = { known: 0, trouble: 0 };

/** The ways to add files; each tells what came of it. */
export function useAdding(): Adding {
  const { queue, live } = useServices();
  const { say } = useWords();
  const [leftOut, setLeftOut] = useState(NONE);
  const adding = useRef(0);
  const add = useCallback(
    async (collected: Collected | undefined) => {
      if (collected === undefined) return;
      // What is added while an earlier drop is still read counts together with it.
      if (adding.current++ === 0) setLeftOut(NONE);
      const { added, known } = await queue.addFrom(collected.batches).finally(() => {
        adding.current--;
      });
      const trouble = collected.trouble.count;
      setLeftOut((before) => ({ known: before.known + known, trouble: before.trouble + trouble }));
      if (added > 0) live.say(say('live.added', { n: added }));
      if (known > 0) live.say(say('batch.known', { n: known }));
      if (trouble > 0) live.say(say('batch.listingTrouble', { n: trouble }), 'assertive');
    },
    [queue, live, say],
  );
  return useMemo(
    () => ({
      leftOut,
      add: (collected) => void add(collected),
      chooseFiles: () => void pickFiles({ multiple: true }).then(add),
      chooseFolder: () => void pickFolder().then(add),
    }),
    [leftOut, add],
  );
}
