import type { Random } from '../../protocol/ports.ts';

/** Distinct entries of a list in random order, every choice as likely as any other; all where `count` is absent. */
export function drawn<T>(
  random: Pick<Random, 'below'>,
  list: readonly T[],
  count = list.length,
): readonly T[] {
  const rest = [...list];
  const length = Math.min(count, rest.length);
  return Array.from({ length }, () => rest.splice(random.below(rest.length), 1)[0] as T);
}
