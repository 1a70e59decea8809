import type { Call } from './call.ts';

/** `0x2::vec_map`: entries in the order of insertion. */
export interface VecMap<K, V> {
  contents: { key: K; value: V }[];
}

export const emptyMap = <K, V>(): VecMap<K, V> => ({ contents: [] });

export function lookUp<K, V>(map: VecMap<K, V>, key: K): V | undefined {
  return map.contents.find((entry) => entry.key === key)?.value;
}

export function hasKey<K, V>(map: VecMap<K, V>, key: K): boolean {
  return map.contents.some((entry) => entry.key === key);
}

/** Sets the value of a key in place, or appends the key. */
export function put<K, V>(map: VecMap<K, V>, key: K, value: V): void {
  const entry = map.contents.find((candidate) => candidate.key === key);
  if (entry === undefined) map.contents.push({ key, value });
  else entry.value = value;
}

/** Takes out an entry; aborts with EKeyDoesNotExist if there is none. */
export function take<K, V>(call: Call, map: VecMap<K, V>, key: K): { key: K; value: V } {
  const at = map.contents.findIndex((entry) => entry.key === key);
  const [entry] = at < 0 ? [] : map.contents.splice(at, 1);
  return entry ?? call.context.abort('0x2::vec_map', 1, 'get_idx');
}
