/**
 * Bytes that this origin may still store, as far as the browser tells.
 *
 * @returns undefined where it does not tell
 */
export async function freeStorageBytes(): Promise<number | undefined> {
  if (typeof navigator !== 'object' || navigator.storage?.estimate === undefined) return undefined;
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined ? undefined : Math.max(0, quota - (usage ?? 0));
}
