import { type Axis, crossAxis } from '../../protocol/axis.ts';
import { ByteWriter, ulebBytes } from '../../protocol/byte-writer.ts';
import { sliversToDecode } from '../../protocol/geometry.ts';
import {
  decodeRecoverySymbol,
  encodeDecodingSymbol,
  encodeGeneralRecoverySymbol,
  type RecoverySymbol,
} from '../../protocol/recovery-symbol.ts';
import {
  pairOfSliver,
  sliverIndex,
  sliverOfPair,
  sliverPairIndex,
} from '../../protocol/sliver-mapping.ts';
import { inLanes } from '../lanes.ts';
import { CUTS_AT_ONCE, findMetadata, type NodeCore, pairOf, shardOf } from './core.ts';
import { NodeError } from './errors.ts';
import type { OpenedMetadata } from './metadata-shelf.ts';
import { bytesReply } from './reply.ts';
import { sourceSymbols } from './source-symbols.ts';
import { readSymbolFilter, readTargets, type SymbolFilter } from './symbol-query.ts';

/** Symbols that are cut out of one sliver. */
interface Cut {
  readonly axis: Axis;
  readonly pair: number;
  readonly targets: readonly number[];
}

/** `GET …/recoverySymbols`: symbols with proofs. What is not here is left out. */
export async function recoverySymbols(
  core: NodeCore,
  blobId: string,
  query: URLSearchParams,
): Promise<Response> {
  const filter = readSymbolFilter(query, core.settings.shardCount);
  const metadata = await servable(core, blobId);
  let missing = new NodeError('SYMBOL_NOT_PRESENT_AT_SHARDS');
  const encoded: Uint8Array[] = [];
  const cuts = cutsOf(core, blobId, filter);
  const found = await inLanes(cuts, CUTS_AT_ONCE, (cut) => cutSymbols(core, metadata, cut));
  for (const [at, symbols] of found.entries()) {
    const cut = cuts[at] as Cut;
    if (symbols === undefined) missing = new NodeError('SLIVER_NOT_FOUND');
    symbols?.forEach((symbol, i) => {
      const targetSliverIndex = cut.targets[i] as number;
      const axis = crossAxis(cut.axis);
      encoded.push(encodeGeneralRecoverySymbol({ axis, targetSliverIndex, ...symbol }));
    });
  }
  if (encoded.length === 0) throw missing;
  return bytesReply(vector(encoded));
}

/** `GET …/decodingSymbols`: for each target sliver one symbol per shard of this node, without proofs. */
export async function decodingSymbols(
  core: NodeCore,
  blobId: string,
  query: URLSearchParams,
): Promise<Response> {
  const { axis, indices } = readTargets(query, core.settings.shardCount);
  const metadata = await servable(core, blobId);
  const limit = sliversToDecode(metadata.geometry, axis);
  const outside = indices.find((index) => index >= limit);
  if (outside !== undefined) {
    throw new NodeError('RECOVERY_SYMBOL_OUT_OF_RANGE', `${outside} of ${limit}`);
  }
  const found = new Map<number, Uint8Array[]>(indices.map((index) => [index, []]));
  let missing = new NodeError('SYMBOL_NOT_PRESENT_AT_SHARDS');
  const across = crossAxis(axis);
  const tag = new ByteWriter(1).u8(axis === 'primary' ? 0 : 1).bytes;
  for (const [shard] of core.shards.all()) {
    const sliver = await core.store.sliver(blobId, across, pairOf(core, blobId, shard));
    if (sliver === undefined) {
      missing = new NodeError('SLIVER_NOT_FOUND');
      continue;
    }
    const { index, symbols } = sourceSymbols(metadata.geometry, sliver, indices);
    symbols.forEach((data, i) => {
      found.get(indices[i] as number)?.push(joined([tag, encodeDecodingSymbol({ index, data })]));
    });
  }
  const entries = [...found].filter(([, symbols]) => symbols.length > 0);
  if (entries.length === 0) throw missing;
  // BCS sorts the entries of a map by the bytes of their keys, which are little-endian.
  const rank = (index: number) => (index & 0xff) * 256 + (index >> 8);
  entries.sort(([a], [b]) => rank(a) - rank(b));
  const parts = entries.map(([index, symbols]) =>
    joined([new ByteWriter(2).u16(index).bytes, vector(symbols)]),
  );
  return bytesReply(vector(parts));
}

async function servable(core: NodeCore, blobId: string): Promise<OpenedMetadata> {
  if (core.settings.blocked.has(blobId)) throw new NodeError('FORBIDDEN_BLOB');
  const registered = core.registry.isRegistered(blobId);
  const metadata = registered ? await findMetadata(core, blobId) : undefined;
  if (metadata?.stored !== true) throw new NodeError('SLIVER_NOT_FOUND');
  return metadata;
}

/** The slivers of this node out of which the wanted symbols can be cut, one cut per sliver. */
function cutsOf(core: NodeCore, blobId: string, filter: SymbolFilter): Cut[] {
  if (filter.kind === 'target') {
    return everyCut(core, blobId, crossAxis(filter.axis), [filter.index]);
  }
  const { shardCount } = core.settings;
  const cuts = new Map<string, { axis: Axis; pair: number; targets: number[] }>();
  const axes: readonly Axis[] = filter.proofAxis ? [filter.proofAxis] : ['primary', 'secondary'];
  for (const id of filter.ids) {
    for (const axis of axes) {
      const pair = pairOfSliver(sliverIndex(id[axis], shardCount), axis, shardCount);
      if (!core.shards.holds(shardOf(core, blobId, pair))) continue;
      const cut = cuts.get(`${axis} ${pair}`) ?? { axis, pair, targets: [] };
      cut.targets.push(id[crossAxis(axis)]);
      cuts.set(`${axis} ${pair}`, cut);
      break;
    }
  }
  return [...cuts.values()];
}

function everyCut(core: NodeCore, blobId: string, axis: Axis, targets: readonly number[]): Cut[] {
  return core.shards.all().map(([shard]) => ({ axis, pair: pairOf(core, blobId, shard), targets }));
}

/** The symbols of a cut in the order of its targets; undefined if the sliver is not stored. */
async function cutSymbols(
  core: NodeCore,
  { blobId, geometry }: OpenedMetadata,
  { axis, pair, targets }: Cut,
): Promise<RecoverySymbol[] | undefined> {
  const sliver = await core.store.sliver(blobId, axis, pair);
  if (sliver === undefined) return undefined;
  const task = { kind: 'symbols', geometry, axis, sliver, targetIndices: targets } as const;
  const { symbols } = await core.doors.verifier.run(task);
  const index = sliverOfPair(sliverPairIndex(pair, geometry.shardCount), axis, geometry.shardCount);
  return symbols.map((bytes) => ({ ...decodeRecoverySymbol(bytes), index }));
}

function vector(items: readonly Uint8Array[]): Uint8Array {
  return joined([new ByteWriter(ulebBytes(items.length)).uleb(items.length).bytes, ...items]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter(parts.reduce((sum, { length }) => sum + length, 0));
  for (const part of parts) writer.raw(part);
  return writer.bytes;
}
