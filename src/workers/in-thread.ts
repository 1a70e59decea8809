import { EncodingThread, type ThreadApi } from '../encoding/encoding-thread.ts';
import type { Engine } from '../kernel/abi.ts';
import { loadKernel } from '../kernel/load.ts';
import { HauloutError } from '../protocol/errors.ts';
import { spillAccess } from '../store/spill-access.ts';
import { systemClock, yieldToEvents } from './doors.ts';
import type { Thread } from './thread.ts';

/** So long tasks follow one another before other events get their turn: waiting for it costs 0.1 ms. */
const TURN_MS = 4;

/**
 * The twin of a worker in the thread that calls: for Node, service workers, and pages that may not
 * have workers. Other events get their turn every few milliseconds, so that an abort is heard.
 */
export async function spawnInThread(engine: Engine | undefined): Promise<Thread> {
  const load = () => loadKernel(engine ? { engine } : {});
  const thread = new EncodingThread(load, spillAccess, systemClock);
  let fail: (error: unknown) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => {
    fail = reject;
  });
  lost.catch(() => undefined);
  const ended = new HauloutError('engine-crashed', { reason: 'the thread was ended' });
  let alive = true;
  let turnAt = Number.NEGATIVE_INFINITY;
  const api: ThreadApi = {
    open: (setup) => thread.open(setup),
    async run(task) {
      if (systemClock.monotonic() - turnAt > TURN_MS) {
        await yieldToEvents();
        turnAt = systemClock.monotonic();
      }
      if (!alive) throw ended;
      return thread.run(task);
    },
    async close() {
      await thread.close();
      await thread.rest(); // nobody watches here whether more work comes
    },
    rest: () => thread.rest(),
  };
  return {
    api,
    traits: { syncAccess: false },
    shared: true,
    lost,
    end() {
      alive = false;
      fail(ended);
      thread.close().catch(() => undefined); // whoever waited for it has been told
    },
  };
}
