import { createEncoder } from '../../src/index.ts';
import { encoderContract } from '../support/encoder-contract.ts';

encoderContract('workers', () => createEncoder({ workers: 2 }));
encoderContract('one worker', () => createEncoder({ workers: 1 }));
encoderContract('workers without SIMD', () => createEncoder({ workers: 2, engine: 'scalar' }));
encoderContract('in the thread of the page', () => createEncoder({ forceInThread: true }));
encoderContract('workers that stream and spill to files', () =>
  createEncoder({ workers: 2, memoryBytes: 100_000, spill: ['opfs'] }),
);
encoderContract('workers that stream and spill to a database', () =>
  createEncoder({ workers: 2, memoryBytes: 100_000, spill: ['idb'] }),
);
encoderContract('in the thread of the page, streaming and spilling', () =>
  createEncoder({ forceInThread: true, memoryBytes: 100_000 }),
);
