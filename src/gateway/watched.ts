import { nextTurn } from './site-door.ts';

/**
 * The same stream; `tell` hears why it breaks off. Taking is passed on piece by piece, so that nothing is fetched for
 * who does not take it, and who leaves ends it.
 */
export function watched(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  tell: (error: unknown) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          tell(error);
          controller.error(error);
        }
      },
      // WebKit 2.50 never runs this worker again if it ends an exchange while it is told that who takes it has left, as
      // a player does whenever it has enough.
      cancel: (reason) => nextTurn().then(() => reader.cancel(reason)),
    },
    { highWaterMark: 0 },
  );
}
