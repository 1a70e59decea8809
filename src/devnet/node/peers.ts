import type { Axis } from '../../protocol/axis.ts';
import { ByteReader } from '../../protocol/byte-reader.ts';
import { HASH_BYTES, splitMetadataWithId } from '../../protocol/metadata.ts';
import type { NodeCore } from './core.ts';
import type { FactMember } from './facts.ts';

/** All other members of the current and the previous committee, each once, in an order drawn by this node. */
export function peersOf(core: NodeCore): FactMember[] {
  const { registry, identity, doors } = core;
  const members = [...registry.current.members, ...(registry.previous?.members ?? [])];
  const byId = new Map(members.map((member) => [member.nodeId, member]));
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

/** BCS recovery symbols for one sliver from a peer, not verified. */
export async function fetchSymbols(
  core: NodeCore,
  peer: FactMember,
  target: { blobId: string; axis: Axis; index: number },
): Promise<Uint8Array[]> {
  const query = `targetSliver=${target.index}&targetType=${target.axis}`;
  const path = `/v1/blobs/${target.blobId}/recoverySymbols?${query}`;
  const body = await fetchBytes(core, peer, path);
  try {
    return body === undefined ? [] : symbolsIn(body, target);
  } catch {
    return []; // whatever it was, it is of no use
  }
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

/** The RecoverySymbol in each GeneralRecoverySymbol of a BCS vector, of those for the target. */
function symbolsIn(bytes: Uint8Array, target: { axis: Axis; index: number }): Uint8Array[] {
  const reader = new ByteReader(bytes, 'symbol-malformed');
  const tag = target.axis === 'primary' ? 0 : 1;
  const found: Uint8Array[] = [];
  for (let left = reader.uleb(); left > 0; left--) {
    const isForAxis = reader.uleb() === tag;
    const symbolBegin = bytes.length - reader.left;
    reader.u16();
    reader.take(reader.uleb());
    const symbol = bytes.subarray(symbolBegin, bytes.length - reader.left);
    const isForTarget = reader.u16() === target.index;
    const proofBegin = bytes.length - reader.left;
    for (let nodes = reader.uleb(); nodes > 0; nodes--) {
      if (reader.uleb() === 1) reader.take(HASH_BYTES);
    }
    const proof = bytes.subarray(proofBegin, bytes.length - reader.left);
    if (!isForAxis || !isForTarget) continue;
    const both = new Uint8Array(symbol.length + proof.length);
    both.set(symbol);
    both.set(proof, symbol.length);
    found.push(both);
  }
  return found;
}
