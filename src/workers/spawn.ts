import { transfer, wrap } from 'comlink';
import type { ThreadApi } from '../encoding/encoding-thread.ts';
import type { Moving } from '../encoding/tasks.ts';
import type { Engine } from '../kernel/abi.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { systemClock } from './doors.ts';
import workerUrl from './encoding.worker.ts?worker&url';
import type { EncodingApi } from './encoding-api.ts';
import { installErrorTransfer } from './error-transfer.ts';
import { trustedScriptUrl } from './script-url.ts';
import type { Thread } from './thread.ts';

const START_MS = 20_000; // a worker that has not answered by then never will
const TOO_SLOW = 'the worker took too long to start';

export interface SpawnOptions {
  readonly engine?: Engine | undefined;
  /** makes a script address acceptable under Trusted Types; by default through our own policy */
  readonly scriptUrl?: ((url: string) => string | TrustedUrl) | undefined;
}

/** A TrustedScriptURL: opaque to us. */
export interface TrustedUrl {
  toString(): string;
}

installErrorTransfer();

/** Makes a worker of one of this build's scripts. @throws Error where a policy forbids it */
export function openWorker(
  url: string,
  name: string,
  scriptUrl: NonNullable<SpawnOptions['scriptUrl']> = trustedScriptUrl,
): Worker {
  return new Worker(scriptUrl(url) as string, { type: 'module', name });
}

/** Whether this environment can have workers at all. */
export function hasWorkers(): boolean {
  return typeof Worker === 'function';
}

/**
 * Starts a worker: from its address if it is of our origin, else through a `blob:` script that
 * imports it, since browsers refuse workers of other origins.
 *
 * @throws HauloutError 'engine-blocked' where a policy forbids it
 */
export async function spawnWorker(options: SpawnOptions): Promise<Thread> {
  const url = new URL(workerUrl, import.meta.url);
  const local = url.origin === globalThis.location?.origin;
  if (local) return start(() => construct(url.href, options), options);
  const script = `import ${JSON.stringify(url.href)};`;
  const blobUrl = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    return await start(() => construct(blobUrl, options), options);
  } finally {
    URL.revokeObjectURL(blobUrl);
  }
}

function construct(url: string, { scriptUrl }: SpawnOptions): Worker {
  return openWorker(url, 'haulout-encoding', scriptUrl);
}

async function start(make: () => Worker, options: SpawnOptions): Promise<Thread> {
  let worker: Worker;
  try {
    worker = make();
  } catch (cause) {
    throw new HauloutError('engine-blocked', { reason: 'workers are not allowed' }, { cause });
  }
  const remote = wrap<EncodingApi>(worker);
  const loss = lossOf(worker);
  const started = new AbortController();
  const late = systemClock.sleep(START_MS, started.signal).then((): never => {
    throw new HauloutError('engine-crashed', { reason: TOO_SLOW });
  });
  late.catch(() => undefined);
  try {
    const traits = await Promise.race([remote.start(options.engine), loss.promise, late]);
    started.abort();
    const api: ThreadApi = {
      open: (setup) => remote.open(moving(setup)),
      run: (task) => remote.run(moving(task)),
      close: () => remote.close(),
      rest: () => remote.rest(),
    };
    const end = () => {
      worker.terminate();
      loss.reject(new HauloutError('engine-crashed', { reason: 'the worker was ended' }));
    };
    return { api, traits, shared: false, lost: loss.promise, end };
  } catch (cause) {
    started.abort();
    worker.terminate();
    // Slow is not forbidden: another try may do.
    if (isHauloutError(cause, 'engine-crashed') && cause.detail.reason === TOO_SLOW) throw cause;
    throw new HauloutError('engine-blocked', { reason: 'the worker does not start' }, { cause });
  }
}

function moving<T extends Moving & object>(value: T): T {
  return transfer(value, value.moves ?? []);
}

/** Notices that a worker died: there is no answer to its calls then. */
export function lossOf(worker: Worker): {
  promise: Promise<never>;
  reject(error: HauloutError): void;
} {
  let reject: (error: HauloutError) => void = () => undefined;
  const promise = new Promise<never>((_, rejectIt) => {
    reject = rejectIt;
    worker.addEventListener('error', (event) => {
      event.preventDefault(); // it is reported to the caller, not to the console
      reject(new HauloutError('engine-crashed', { reason: event.message || 'worker error' }));
    });
    worker.addEventListener('messageerror', () => {
      reject(new HauloutError('engine-crashed', { reason: 'unreadable message' }));
    });
  });
  promise.catch(() => undefined);
  return { promise, reject };
}
