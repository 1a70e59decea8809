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

/**
 * Asks the browser to keep this origin's data when it needs room. Some browsers ask the person, who
 * may never answer: never wait for this alone.
 *
 * @returns undefined where it cannot be asked
 */
export async function persistStorage(): Promise<boolean | undefined> {
  const isKept = await isStoragePersisted();
  if (isKept !== false) return isKept;
  // Only pages may ask; a worker has `persisted` alone.
  const storage = navigator.storage as StorageManager & { persist?(): Promise<boolean> };
  return storage.persist?.();
}

/** Whether the browser has promised to keep this origin's data; undefined where it does not tell. */
export async function isStoragePersisted(): Promise<boolean | undefined> {
  if (typeof navigator !== 'object' || navigator.storage === undefined) return undefined;
  return navigator.storage.persisted();
}
