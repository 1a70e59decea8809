import type { Axis } from '../../protocol/axis.ts';
import { ByteReader } from '../../protocol/byte-reader.ts';
import { HASH_BYTES, splitMetadataWithId } from '../../protocol/metadata.ts';
import type { NodeCore } from './core.ts';
import type { FactMember } from './facts.ts';

/** All other members of the current and the previous committee, each once, in an order drawn by this node. */
export function peersOf(core: NodeCore): FactMember[] {
  const { registry, identity, doors } = core;
  const members = [...registry.current.members, ...(registry.previous?.members ?? [])];
  const byId = new Map<string, FactMember>();
  for (const member of members) {
    // A shard that is on its way may still be with its owner of before.
    const shards = [...(byId.get(member.nodeId)?.shards ?? []), ...member.shards];
    byId.set(member.nodeId, { ...member, shards: [...new Set(shards)] });
  }
  byId.delete(identity.nodeId);
  const peers = [...byId.values()];
  for (let i = peers.length - 1; i > 0; i--) {
    const j = doors.random.below(i + 1);
    [peers[i], peers[j]] = [peers[j] as FactMember, peers[i] as FactMember];
  }
  return peers;
}

/** Who had the shard before this epoch. */
export function previousOwner(core: NodeCore, shard: number): FactMember | undefined {
  const owner = core.registry.previous?.members.find(({ shards }) => shards.includes(shard));
  return owner?.nodeId === core.identity.nodeId ? undefined : owner;
}

/** BCS metadata from a peer, not verified; undefined if it does not give any. */
export async function fetchMetadata(
  core: NodeCore,
  peer: FactMember,
  blobId: string,
): Promise<Uint8Array | undefined> {
  const body = await fetchBytes(core, peer, `/v1/blobs/${blobId}/metadata`);
  return body === undefined || body.length < 32 ? undefined : splitMetadataWithId(body).metadata;
}

/** A BCS sliver from a peer, not verified. */
export function fetchSliver(
  core: NodeCore,
  peer: FactMember,
  place: { blobId: string; pair: number; axis: Axis },
): Promise<Uint8Array | undefined> {
  const { blobId, pair, axis } = place;
  return fetchBytes(core, peer, `/v1/blobs/${blobId}/slivers/${pair}/${axis}`);
}

/** Symbols that a peer is asked for: where its slivers cross those that are missing. */
export interface WantedSymbols {
  readonly blobId: string;
  /** of the missing slivers */
  readonly axis: Axis;
  readonly targets: readonly number[];
  /** indices of the peer's slivers on the other axis */
  readonly sources: readonly number[];
}

/** Symbols of one request: what the address of a request can hold. */
export const SYMBOLS_PER_REQUEST = 800;

/** BCS recovery symbols from a peer by target sliver, not verified. */
export async function fetchSymbols(
  core: NodeCore,
  peer: FactMember,
  wanted: WantedSymbols,
): Promise<Map<number, Uint8Array[]>> {
  const { blobId, axis, targets, sources } = wanted;
  const isPrimary = axis === 'primary';
  // Source by source: what is asked in one request, the peer cuts out of a sliver in one go.
  const ids = sources.flatMap((source) =>
    targets.map((target) => (isPrimary ? `id=${target}-${source}` : `id=${source}-${target}`)),
  );
  const proofAxis = isPrimary ? 'secondary' : 'primary';
  const found = new Map<number, Uint8Array[]>(targets.map((target) => [target, []]));
  for (let at = 0; at < ids.length; at += SYMBOLS_PER_REQUEST) {
    const query = ids.slice(at, at + SYMBOLS_PER_REQUEST).join('&');
    const path = `/v1/blobs/${blobId}/recoverySymbols?proofAxis=${proofAxis}&${query}`;
    const body = await fetchBytes(core, peer, path);
    if (body === undefined) continue;
    try {
      for (const [target, symbol] of symbolsIn(body, axis)) found.get(target)?.push(symbol);
    } catch {
      // whatever it was, it is of no use
    }
  }
  return found;
}

async function fetchBytes(
  core: NodeCore,
  peer: FactMember,
  path: string,
): Promise<Uint8Array | undefined> {
  try {
    const response = await core.doors.send(new Request(`http://${peer.networkAddress}${path}`));
    if (response.status === 200) return new Uint8Array(await response.arrayBuffer());
    await response.body?.cancel();
  } catch {
    // it is gone, or went away: others may help
  }
  return undefined;
}

/** The RecoverySymbol, and its target, in each GeneralRecoverySymbol of a BCS vector that is for this axis. */
function symbolsIn(bytes: Uint8Array, axis: Axis): [target: number, symbol: Uint8Array][] {
  const reader = new ByteReader(bytes, 'symbol-malformed');
  const tag = axis === 'primary' ? 0 : 1;
  const found: [number, Uint8Array][] = [];
  const here = () => bytes.length - reader.left;
  for (let left = reader.uleb(); left > 0; left--) {
    const isForAxis = reader.uleb() === tag;
    const symbolBegin = here();
    reader.u16();
    reader.take(reader.uleb());
    const symbol = bytes.subarray(symbolBegin, here());
    const target = reader.u16();
    const proofBegin = here();
    for (let nodes = reader.uleb(); nodes > 0; nodes--) {
      if (reader.uleb() === 1) reader.take(HASH_BYTES);
    }
    const proof = bytes.subarray(proofBegin, here());
    if (!isForAxis) continue;
    const both = new Uint8Array(symbol.length + proof.length);
    both.set(symbol);
    both.set(proof, symbol.length);
    found.push([target, both]);
  }
  return found;
}
