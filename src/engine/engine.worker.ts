import { expose } from 'comlink';
import { installErrorTransfer } from '../workers/error-transfer.ts';
import { EngineHost } from './engine-host.ts';

installErrorTransfer();
expose(new EngineHost());
