import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What a collection finds dead can hold more until its finalizers have run, as requests hold their signals. */
const ROUNDS = 4;

/** Bytes of the heap that somebody still holds. */
export async function heldBytes(): Promise<number> {
  for (let round = 0; round < ROUNDS; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  collect();
  return process.memoryUsage().heapUsed;
}
