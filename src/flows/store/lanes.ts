/**
 * Works on items with at most `laneCount` at a time, in order. After a failure nothing more is begun;
 * it rejects with the first one once nothing is under way any more.
 *
 * @param onFailure told at once, to end what is under way
 *
 * @returns results in the order of the items
 */
export async function inLanes<T, R>(
  laneCount: number,
  items: readonly T[],
  work: (item: T, at: number) => Promise<R>,
  onFailure?: () => void,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const errors: unknown[] = [];
  const lane = async () => {
    while (next < items.length && errors.length === 0) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T, at);
      } catch (error) {
        errors.push(error);
        onFailure?.();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(laneCount, items.length) }, lane));
  if (errors.length > 0) throw errors[0];
  return results;
}
