import { type Axis, crossAxis } from '../../protocol/axis.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { sliverBytes, sliversToDecode, symbolsPerSliver } from '../../protocol/geometry.ts';
import { sliverHash } from '../../protocol/metadata.ts';
import { decodeRecoverySymbol } from '../../protocol/recovery-symbol.ts';
import {
  pairOfSliver,
  sliverIndex,
  sliverOfPair,
  sliverPairIndex,
} from '../../protocol/sliver-mapping.ts';
import { inLanes } from '../lanes.ts';
import { CUTS_AT_ONCE, type NodeCore, pairOf } from './core.ts';
import type { FactMember } from './facts.ts';
import { fetchDecodingSymbols, fetchRecoverySymbols } from './fetch-symbols.ts';
import type { OpenedMetadata } from './metadata-shelf.ts';
import { peersOf } from './peers.ts';
import { sourceSymbols } from './source-symbols.ts';
import { SymbolTable } from './symbol-table.ts';

const BATCH_BYTES = 16 << 20;
const BATCH_SLIVERS = 128;
const PEERS_AT_ONCE = 4;

/** A peer, and its slivers across the missing ones. */
interface Helper {
  readonly peer: FactMember;
  sources: readonly number[];
}

/**
 * Recovers slivers of one axis from symbols: those of this node's own slivers, and as many of other nodes as it takes.
 * What is right is on the disk afterwards.
 *
 * @param pause is awaited before each batch
 */
export async function recoverSlivers(
  core: NodeCore,
  metadata: OpenedMetadata,
  axis: Axis,
  targets: readonly number[],
  pause: (batch: readonly number[]) => Promise<void>,
): Promise<void> {
  const { geometry } = metadata;
  const most = Math.floor(BATCH_BYTES / sliverBytes(geometry, axis));
  const size = Math.max(1, Math.min(BATCH_SLIVERS, most));
  // Symbols of source slivers are there to be read; those of repair slivers have to be computed.
  const limit = sliversToDecode(geometry, axis);
  const kinds = [targets.filter((each) => each < limit), targets.filter((each) => each >= limit)];
  for (const kind of kinds) {
    for (let at = 0; at < kind.length; at += size) {
      const batch = kind.slice(at, at + size);
      await pause(batch);
      const left = await recoverTogether(core, metadata, axis, batch);
      if (left.length > 0) await recoverApart(core, metadata, axis, left);
    }
  }
}

/**
 * One decode for all targets, which are all source slivers or all repair slivers. Wrong symbols are not noticed before
 * the end.
 *
 * @returns the targets that did not come out right
 */
async function recoverTogether(
  core: NodeCore,
  metadata: OpenedMetadata,
  axis: Axis,
  targets: readonly number[],
): Promise<readonly number[]> {
  const { geometry } = metadata;
  const need = symbolsPerSliver(geometry, axis);
  const isSource = (targets[0] ?? 0) < sliversToDecode(geometry, axis);
  const table = new SymbolTable(targets, geometry.symbolBytes);
  await addOwnSymbols(core, metadata, axis, table, isSource);
  const helpers = helpersOf(core, metadata, axis);
  while (table.wholeSources < need) {
    const round = nextHelpers(helpers, table, need - table.wholeSources);
    if (round.length === 0) return targets;
    const answers = await Promise.all(
      round.map(({ peer, sources }) => {
        const wanted = { blobId: metadata.blobId, axis, targets, sources };
        return isSource
          ? fetchDecodingSymbols(core, peer, wanted)
          : fetchRecoverySymbols(core, peer, wanted);
      }),
    );
    answers.forEach((symbols, i) => {
      const asked = new Set(round[i]?.sources);
      for (const { source, target, data } of symbols) {
        if (asked.has(source)) table.add(source, target, data);
      }
    });
  }
  const about = targets.map((target) => {
    const hash = sliverHash(metadata.metadata, axis, target)?.slice() ?? new Uint8Array();
    return { sliverIndex: target, hash };
  });
  const task = { kind: 'rebuild', geometry, axis, targets: about, ...table.first(need) } as const;
  const { slivers } = await core.doors.verifier.run(task);
  for (const [i, sliver] of slivers.entries()) {
    if (sliver) await keep(core, metadata, axis, targets[i] as number, sliver);
  }
  return targets.filter((_, i) => slivers[i] === undefined);
}

/** Each target by itself, with a look at every proof: what it takes where somebody lies. */
async function recoverApart(
  core: NodeCore,
  metadata: OpenedMetadata,
  axis: Axis,
  targets: readonly number[],
): Promise<void> {
  const { blobId, bytes, geometry } = metadata;
  const need = symbolsPerSliver(geometry, axis);
  const symbols = await ownSymbols(core, metadata, axis, targets);
  const helpers = helpersOf(core, metadata, axis);
  for (let open = [...targets]; open.length > 0 && helpers.length > 0; ) {
    const asked = open;
    const answers = await Promise.all(
      helpers.splice(0, PEERS_AT_ONCE).map(({ peer, sources }) => {
        return fetchRecoverySymbols(core, peer, { blobId, axis, targets: asked, sources });
      }),
    );
    for (const { target, withProof } of answers.flat()) {
      if (withProof) symbols.get(target)?.push(withProof);
    }
    open = [];
    for (const target of asked) {
      const here = symbols.get(target) ?? [];
      const claim = { shardCount: geometry.shardCount, blobId, metadata: bytes, axis };
      const task = { kind: 'recover', ...claim, sliverIndex: target, symbols: here } as const;
      const sliver = here.length < need ? undefined : await recovered(core, task);
      if (sliver) await keep(core, metadata, axis, target, sliver);
      else open.push(target);
    }
  }
}

type Recover = Extract<Parameters<NodeCore['doors']['verifier']['run']>[0], { kind: 'recover' }>;

async function recovered(core: NodeCore, task: Recover): Promise<Uint8Array | undefined> {
  try {
    return (await core.doors.verifier.run(task)).sliver;
  } catch (error) {
    if (isHauloutError(error)) return undefined;
    throw error;
  }
}

async function keep(
  core: NodeCore,
  { blobId, geometry: { shardCount } }: OpenedMetadata,
  axis: Axis,
  target: number,
  sliver: Uint8Array,
): Promise<void> {
  const pair = pairOfSliver(sliverIndex(target, shardCount), axis, shardCount);
  await core.store.putSliver(blobId, axis, pair, sliver);
}

/** All other nodes with the indices of the slivers that they should have, in an order drawn by this node. */
function helpersOf(
  core: NodeCore,
  { blobId, geometry: { shardCount } }: OpenedMetadata,
  axis: Axis,
): Helper[] {
  return peersOf(core).map((peer) => {
    const sources = peer.shards.map((shard) => {
      const pair = sliverPairIndex(pairOf(core, blobId, shard), shardCount);
      return sliverOfPair(pair, crossAxis(axis), shardCount);
    });
    return { peer, sources };
  });
}

/** Takes from the list whom to ask for `count` sources that are not whole yet. What they have beyond that stays listed. */
function nextHelpers(helpers: Helper[], table: SymbolTable, count: number): Helper[] {
  const planned = new Set<number>();
  const round: Helper[] = [];
  while (planned.size < count) {
    const next = helpers.shift();
    if (next === undefined) break;
    const { peer } = next;
    const open = next.sources.filter((source) => !table.isWhole(source) && !planned.has(source));
    const sources = open.slice(0, count - planned.size);
    if (sources.length === 0) continue;
    for (const source of sources) planned.add(source);
    round.push({ peer, sources });
    if (sources.length < open.length) helpers.push({ peer, sources: open.slice(sources.length) });
  }
  return round;
}

/** The symbols that the node's own slivers of the other axis give. */
async function addOwnSymbols(
  core: NodeCore,
  metadata: OpenedMetadata,
  axis: Axis,
  table: SymbolTable,
  isSource: boolean,
): Promise<void> {
  const { blobId, geometry } = metadata;
  const { targets } = table;
  if (!isSource) {
    for (const [target, symbols] of await ownSymbols(core, metadata, axis, targets)) {
      for (const symbol of symbols) {
        const { index, data } = decodeRecoverySymbol(symbol);
        table.add(index, target, data);
      }
    }
    return;
  }
  const across = crossAxis(axis);
  for (const pair of core.store.pairs(blobId, across)) {
    const sliver = await core.store.sliver(blobId, across, pair);
    if (sliver === undefined) continue;
    const { index, symbols } = sourceSymbols(geometry, sliver, targets);
    symbols.forEach((data, i) => {
      table.add(index, targets[i] as number, data);
    });
  }
}

/** BCS RecoverySymbols out of the node's own slivers of the other axis, by target. */
async function ownSymbols(
  core: NodeCore,
  { blobId, geometry }: OpenedMetadata,
  axis: Axis,
  targetIndices: readonly number[],
): Promise<Map<number, Uint8Array[]>> {
  const across = crossAxis(axis);
  const pairs = core.store.pairs(blobId, across);
  const bySliver = await inLanes(pairs, CUTS_AT_ONCE, async (pair) => {
    const sliver = await core.store.sliver(blobId, across, pair);
    if (sliver === undefined) return [];
    const task = { kind: 'symbols', geometry, axis: across, sliver, targetIndices } as const;
    return (await core.doors.verifier.run(task)).symbols;
  });
  return new Map(
    targetIndices.map((target, i) => [target, bySliver.flatMap((symbols) => symbols[i] ?? [])]),
  );
}
