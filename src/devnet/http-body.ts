import { LinkError } from './faults/link-error.ts';
import type { HttpIn } from './http.ts';
import type { IdleWatch, Watch } from './idle-watch.ts';

const WINDOW_BYTES = 256 << 10; // read ahead of whoever takes the body

/**
 * The body of a request as it arrives. A client that is silent while more is wanted loses its connection.
 *
 * @param admit is awaited before anything is read, which is when the body is first wanted
 */
export function incomingBody(
  incoming: HttpIn,
  idle: IdleWatch,
  admit: () => Promise<void>,
): ReadableStream<Uint8Array> {
  let admitted: Promise<void> | undefined;
  let watch: Watch | undefined;
  const unwatch = () => {
    watch?.end();
    watch = undefined;
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
          if ((controller.desiredSize ?? 0) > -WINDOW_BYTES) watch?.seen();
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
      async pull() {
        admitted ??= admit();
        await admitted;
        if (ended) return;
        if (watch === undefined) watch = idle.begin(() => incoming.socket.destroy());
        else watch.seen();
        incoming.resume();
      },
      cancel() {
        unwatch();
        ended = true;
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
}
