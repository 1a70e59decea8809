import { createEncoder } from '../../src/index.ts';
import { EVERY_CASE, SOAK } from '../support/browser-share.ts';
import { encoderContract } from '../support/encoder-contract.ts';

encoderContract('workers that stream and spill to files', () =>
  createEncoder({ workers: 2, memoryBytes: 100_000, spill: ['opfs'] }),
);
if (EVERY_CASE) {
  encoderContract('workers', () => createEncoder({ workers: 2 }));
  encoderContract('workers that stream and spill to a database', () =>
    createEncoder({ workers: 2, memoryBytes: 100_000, spill: ['idb'] }),
  );
  // Without the database the page's own thread does what Node does, where the same contract is held to it.
  encoderContract('in the thread of the page, streaming and spilling', () =>
    createEncoder({ forceInThread: true, memoryBytes: 100_000 }),
  );
}
if (SOAK) {
  encoderContract('one worker', () => createEncoder({ workers: 1 }));
  encoderContract('workers without SIMD', () => createEncoder({ workers: 2, engine: 'scalar' }));
}
