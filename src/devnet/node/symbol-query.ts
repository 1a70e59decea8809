import type { Axis } from '../../protocol/axis.ts';
import { NodeError } from './errors.ts';
import { badQuery } from './route.ts';

/** The symbol where primary sliver `primary` and secondary sliver `secondary` cross. */
export interface SymbolId {
  readonly primary: number;
  readonly secondary: number;
}

export type SymbolFilter =
  | { readonly kind: 'ids'; readonly ids: readonly SymbolId[]; readonly proofAxis?: Axis }
  | {
      readonly kind: 'target';
      readonly axis: Axis;
      readonly index: number;
      readonly proofAxis?: Axis;
    };

const MAX_IDS = 10_000;

/** @throws NodeError NO_SYMBOLS_SPECIFIED, INVALID_FILTER, INDEX_OUT_OF_RANGE; FrameworkError 400 */
export function readSymbolFilter(query: URLSearchParams, shardCount: number): SymbolFilter {
  const ids = query.getAll('id').map((text) => symbolIdOf(text, shardCount));
  const targets = query.getAll('targetSliver');
  const targetAxis = axisOf(query, 'targetType');
  const proof = axisOf(query, 'proofAxis');
  const proofAxis = proof === undefined ? {} : { proofAxis: proof };
  if (targets.length === 0 && targetAxis === undefined) {
    if (ids.length === 0) throw new NodeError('NO_SYMBOLS_SPECIFIED');
    if (ids.length > MAX_IDS) throw new NodeError('INVALID_FILTER', `more than ${MAX_IDS} symbols`);
    return { kind: 'ids', ids, ...proofAxis };
  }
  if (ids.length > 0) throw new NodeError('INVALID_FILTER', 'symbols and a target sliver');
  if (targetAxis === undefined || targets[0] === undefined) {
    throw new NodeError('INVALID_FILTER', 'a target needs targetSliver and targetType');
  }
  // Symbols that recover a sliver lie in slivers of the other axis, and so do their proofs.
  if (proof === targetAxis)
    throw new NodeError('INVALID_FILTER', 'the proof cannot be on the target');
  const index = indexOf(targets[0], 'targetSliver', shardCount);
  return { kind: 'target', axis: targetAxis, index, ...proofAxis };
}

/** @throws NodeError NO_TARGET_SLIVERS_SPECIFIED, INDEX_OUT_OF_RANGE; FrameworkError 400 */
export function readTargets(
  query: URLSearchParams,
  shardCount: number,
): { axis: Axis; indices: readonly number[] } {
  const axis = axisOf(query, 'targetType');
  const texts = query.getAll('targetSlivers');
  if (texts.length === 0) throw new NodeError('NO_TARGET_SLIVERS_SPECIFIED');
  if (axis === undefined) throw badQuery('targetType is missing');
  const indices = texts.map((text) => indexOf(text, 'targetSlivers', shardCount));
  return { axis, indices: [...new Set(indices)] };
}

function symbolIdOf(text: string, shardCount: number): SymbolId {
  const parts = text.split('-');
  if (parts.length !== 2) throw badQuery('id');
  const [primary = 0, secondary = 0] = parts.map((part) => indexOf(part, 'id', shardCount));
  return { primary, secondary };
}

function indexOf(text: string, name: string, shardCount: number): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw badQuery(name);
  if (Number(text) < shardCount) return Number(text);
  throw new NodeError('INDEX_OUT_OF_RANGE', `${text} of ${shardCount}`);
}

function axisOf(query: URLSearchParams, name: string): Axis | undefined {
  const text = query.get(name);
  if (text === null || text === 'primary' || text === 'secondary') return text ?? undefined;
  throw badQuery(name);
}
