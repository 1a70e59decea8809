import { useCallback, useMemo } from 'react';
import type { Collected } from '../drop/collect-drop.ts';
import { pickFiles, pickFolder } from '../drop/pick-files.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';

export interface Adding {
  add(collected: Collected): void;
  chooseFiles(): void;
  chooseFolder(): void;
}

/** The ways to add files; each says aloud what came of it. */
export function useAdding(): Adding {
  const { queue, live } = useServices();
  const { say } = useWords();
  const add = useCallback(
    async (collected: Collected | undefined) => {
      if (collected === undefined) return;
      const { added, known } = await queue.addFrom(collected.batches);
      if (added > 0) live.say(say('live.added', { n: added }));
      if (known > 0) live.say(say('batch.known', { n: known }));
      const { count } = collected.trouble;
      if (count > 0) live.say(say('batch.listingTrouble', { n: count }), 'assertive');
    },
    [queue, live, say],
  );
  return useMemo(
    () => ({
      add: (collected) => void add(collected),
      chooseFiles: () => void pickFiles({ multiple: true }).then(add),
      chooseFolder: () => void pickFolder().then(add),
    }),
    [add],
  );
}
