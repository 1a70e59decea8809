import { expose, transfer } from 'comlink';
import { EncodingThread } from '../encoding/encoding-thread.ts';
import { loadKernel } from '../kernel/load.ts';
import { hasSyncAccess } from '../store/opfs-door.ts';
import { spillAccess } from '../store/spill-access.ts';
import { systemClock } from './doors.ts';
import type { EncodingApi } from './encoding-api.ts';
import { installErrorTransfer } from './error-transfer.ts';

installErrorTransfer();

let thread: EncodingThread;
const api: EncodingApi = {
  async start(engine) {
    const load = () => loadKernel(engine ? { engine } : {});
    thread = new EncodingThread(load, spillAccess, systemClock);
    return { syncAccess: hasSyncAccess() };
  },
  open: (setup) => thread.open(setup),
  async run(task) {
    const result = await thread.run(task);
    return transfer(result, result.moves ?? []);
  },
  close: () => thread.close(),
  rest: () => thread.rest(),
};
expose(api);
