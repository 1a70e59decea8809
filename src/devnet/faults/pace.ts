import type { Clock } from '../../protocol/ports.ts';
import { LinkError } from './link-error.ts';

/** The same bytes, each piece `msPerByte` late for each of its bytes. */
export function paced(
  stream: ReadableStream<Uint8Array>,
  clock: Clock,
  msPerByte: number,
): ReadableStream<Uint8Array> {
  return stream.pipeThrough(
    new TransformStream({
      async transform(piece, controller) {
        await clock.sleep(piece.length * msPerByte);
        controller.enqueue(piece);
      },
    }),
  );
}

/** A body of some bytes that then breaks. */
export function broken(bytes: Uint8Array, end: 'closed' | 'reset'): ReadableStream<Uint8Array> {
  let sent = bytes.length === 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (sent) {
          controller.error(new LinkError(end));
          return;
        }
        sent = true;
        controller.enqueue(bytes);
      },
    },
    { highWaterMark: 0 },
  );
}
