import { createEncoder } from '../../../src/index.ts';
import { encoderContract } from '../../support/encoder-contract.ts';

encoderContract('in the only thread', () => createEncoder());
encoderContract('in the only thread, streaming', () => createEncoder({ memoryBytes: 100_000 }));
