import type { Clock } from '../protocol/ports.ts';
import { LinkError } from './faults/link-error.ts';
import type { HttpIn } from './http.ts';

const WINDOW_BYTES = 256 << 10; // read ahead of whoever takes the body

/**
 * The body of a request as it arrives. A client that is silent for too long loses its connection.
 *
 * @param idleMs longest silence while the body is wanted
 */
export function incomingBody(
  incoming: HttpIn,
  clock: Clock,
  idleMs: number,
): ReadableStream<Uint8Array> {
  let watch: AbortController | undefined;
  const unwatch = () => {
    watch?.abort();
    watch = undefined;
  };
  const watchSilence = () => {
    unwatch();
    watch = new AbortController();
    clock.sleep(idleMs, watch.signal).then(
      () => incoming.socket.destroy(),
      () => undefined, // it went on
    );
  };
  let ended = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const fail = () => {
          unwatch();
          if (!ended) controller.error(new LinkError('reset'));
          ended = true;
        };
        incoming.on('data', (chunk: Buffer) => {
          if (ended) return;
          controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
          if ((controller.desiredSize ?? 0) > 0) watchSilence();
          else {
            unwatch();
            incoming.pause();
          }
        });
        incoming.on('end', () => {
          unwatch();
          if (!ended) controller.close();
          ended = true;
        });
        incoming.on('error', fail);
        incoming.on('close', fail);
        incoming.on('aborted', fail);
        incoming.pause();
      },
      pull() {
        if (ended) return;
        watchSilence();
        incoming.resume();
      },
      cancel() {
        unwatch();
        ended = true;
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: WINDOW_BYTES }),
  );
}
