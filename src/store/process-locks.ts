import type { Locks } from '../protocol/ports.ts';

/** Locks that are seen in this process only, where the runtime has none of an origin. */
export function processLocks(): Locks {
  const held = new Set<string>();
  return {
    async hold(name, work) {
      if (held.has(name)) return 'busy';
      held.add(name);
      try {
        return await work();
      } finally {
        held.delete(name);
      }
    },
  };
}
