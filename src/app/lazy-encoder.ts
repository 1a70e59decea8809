import type { IdEncoder } from '../flows/ports.ts';

/**
 * An encoder that is loaded when it is first needed, or when `warm` is called. A load that fails
 * (a dropped connection) is tried again by the next call.
 */
export function lazyEncoder(load: () => Promise<IdEncoder>): IdEncoder & { warm(): void } {
  let loading: Promise<IdEncoder> | undefined;
  const get = (): Promise<IdEncoder> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    computeBlobId: async (source, options) => (await get()).computeBlobId(source, options),
    warm: () => void get().catch(() => {}),
  };
}
