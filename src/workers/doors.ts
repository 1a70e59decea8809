import { HauloutError } from '../protocol/errors.ts';
import type { Clock, Cores, Random } from '../protocol/ports.ts';

/** The clocks of this thread. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      const abort = () => {
        clearTimeout(timer);
        reject(new HauloutError('aborted', {}, { cause: signal?.reason }));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, ms);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  },
};

export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  below(limit) {
    const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
    return Math.floor((value / 2 ** 32) * limit);
  },
};

/** Processors as the browser tells; some round the number for privacy. */
export const systemCores: Cores = {
  count: () => Math.max(1, (typeof navigator === 'object' && navigator.hardwareConcurrency) || 1),
};

/**
 * Whether a file that was written to since it was chosen can no longer be read. Chromium refuses it;
 * elsewhere what is read of it may be a mixture, which only a second reading shows.
 */
export function refusesChangedFiles(): boolean {
  return typeof navigator === 'object' && 'userAgentData' in navigator; // Chromium's alone
}

let channel: MessageChannel | undefined; // one for all turns: making it takes longer than a turn
const turns: (() => void)[] = [];

/** Lets other events of this thread run: timers, messages, input. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    // Node's message channels would keep the process alive.
    const { setImmediate } = globalThis as { setImmediate?(run: () => void): void };
    if (setImmediate !== undefined) {
      setImmediate(resolve);
      return;
    }
    channel ??= channelOfTurns();
    turns.push(resolve);
    channel.port2.postMessage(null);
  });
}

/** A channel each of whose messages gives the next waiting one its turn. */
function channelOfTurns(): MessageChannel {
  const made = new MessageChannel();
  made.port1.onmessage = () => turns.shift()?.();
  return made;
}
