import { proxy, type Remote, wrap } from 'comlink';
import { type HauloutError, isHauloutError } from '../protocol/errors.ts';
import { installErrorTransfer } from '../workers/error-transfer.ts';
import { ownScript } from '../workers/script-url.ts';
import { hasWorkers, lossOf, openWorker } from '../workers/spawn.ts';
import { Engine, type EngineEvents } from './engine.ts';
import workerUrl from './engine.worker.ts?worker&url';
import type { EngineApi, EngineConfig } from './engine-api.ts';

installErrorTransfer();

export interface SpawnedEngine {
  readonly engine: Engine;
  /** rejects if its thread dies; what it was asked fails with the same error */
  readonly lost: Promise<never>;
}

/** Starts an engine in a worker or, where a policy forbids that, in this thread. */
export async function spawnEngine(
  config: EngineConfig,
  events: EngineEvents,
): Promise<SpawnedEngine> {
  const worker = hasWorkers() ? open() : undefined;
  if (worker === undefined) return inThisThread(config, events);
  const { promise: lost } = lossOf(worker);
  try {
    const api = untilLost(wrap<EngineApi>(worker), lost);
    const engine = await Engine.start(api, config, events, (page) => proxy(page));
    lost.catch((error: HauloutError) => {
      worker.terminate(); // it may only be out of order, and would go on
      events.onLost(error);
    });
    return { engine, lost };
  } catch (error) {
    worker.terminate();
    if (!isHauloutError(error, 'engine-crashed')) throw error;
    return inThisThread(config, events); // it never began
  }
}

function open(): ReturnType<typeof openWorker> | undefined {
  const url = ownScript(new URL(workerUrl, import.meta.url).href);
  try {
    return openWorker(url, 'haulout-engine');
  } catch {
    return undefined;
  }
}

async function inThisThread(config: EngineConfig, events: EngineEvents): Promise<SpawnedEngine> {
  const { EngineHost } = await import('./engine-host.ts');
  const host = new EngineHost();
  const engine = await Engine.start(host, config, events, (page) => page);
  const lost = new Promise<never>(() => undefined);
  return { engine, lost };
}

/** Calls of a thread that has died would never be answered. */
function untilLost(remote: Remote<EngineApi>, lost: Promise<never>): EngineApi {
  type Call = (...values: unknown[]) => Promise<unknown>;
  const call =
    (name: string): Call =>
    (...values) =>
      Promise.race([(remote as unknown as Record<string, Call>)[name]?.(...values), lost]);
  return new Proxy({} as EngineApi, { get: (_, name) => call(String(name)) });
}
