export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** A promise with its two ends in hand. */
export function deferred<T>(): Deferred<T> {
  const ends: Partial<Deferred<T>> = {};
  const promise = new Promise<T>((resolve, reject) => Object.assign(ends, { resolve, reject }));
  return { ...ends, promise } as Deferred<T>;
}
