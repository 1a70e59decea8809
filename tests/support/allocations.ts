/**
 * Runs `work` and adds up the bytes of all typed arrays and buffers that it makes anew (views of
 * existing memory are free).
 */
export function countAllocations<T>(work: () => T): { value: T; bytes: number } {
  const real = globalThis.Uint8Array;
  let bytes = 0;
  globalThis.Uint8Array = new Proxy(real, {
    construct(target, args: unknown[], newTarget) {
      const made = Reflect.construct(target, args, newTarget === proxy ? target : newTarget);
      if (!(args[0] instanceof ArrayBuffer)) bytes += (made as Uint8Array).byteLength;
      return made;
    },
  });
  const proxy = globalThis.Uint8Array;
  try {
    const value = work();
    return { value, bytes };
  } finally {
    globalThis.Uint8Array = real;
  }
}
