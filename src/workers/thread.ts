import type { ThreadApi } from '../encoding/encoding-thread.ts';
import type { WorkerTraits } from './encoding-api.ts';

/** A thread that a pool owns: a worker, or the pool's own thread. */
export interface Thread {
  readonly api: ThreadApi;
  readonly traits: WorkerTraits;
  /** whether it sees the caller's memory: nothing is copied or moved */
  readonly shared: boolean;
  /** Settles with an error when the thread dies, however that happens; never otherwise. */
  readonly lost: Promise<never>;
  /** Stops it at once, whatever it does, and frees its memory. */
  end(): void;
}

/** @throws HauloutError 'engine-blocked' if no thread can be had */
export type SpawnThread = () => Promise<Thread>;
