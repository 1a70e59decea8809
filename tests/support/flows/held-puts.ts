import { deferred } from '../../../src/transfer/deferred.ts';

/** Lets a client send nothing to nodes until the door is opened. */
export function heldPuts() {
  const { promise: opened, resolve: open } = deferred<void>();
  return {
    open: () => open(),
    opened,
    onRequest: async ({ method }: { readonly method: string }) => {
      if (method === 'PUT') await opened;
    },
  };
}
