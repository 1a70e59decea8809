import type { Geometry } from '../../protocol/geometry.ts';
import { decodeSliver } from '../../protocol/sliver.ts';

/**
 * The symbols where a sliver crosses source slivers of the other axis. A sliver consists of just these.
 *
 * @param sliver BCS SliverData that was verified
 * @param targets indices below the number of source slivers of the other axis
 * @returns the index of the sliver, and a view for each target
 */
export function sourceSymbols(
  { symbolBytes }: Geometry,
  sliver: Uint8Array,
  targets: readonly number[],
): { index: number; symbols: readonly Uint8Array[] } {
  const { data, sliverIndex } = decodeSliver(sliver);
  const symbols = targets.map((target) =>
    data.subarray(target * symbolBytes, (target + 1) * symbolBytes),
  );
  return { index: sliverIndex, symbols };
}
