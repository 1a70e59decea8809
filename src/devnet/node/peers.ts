import type { Axis } from '../../protocol/axis.ts';
import { splitMetadataWithId } from '../../protocol/metadata.ts';
import { within } from '../within.ts';
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

/** The body of a peer's answer; undefined if there is none, or none in time. */
export function fetchBytes(
  core: NodeCore,
  peer: FactMember,
  path: string,
): Promise<Uint8Array | undefined> {
  const { send, clock } = core.doors;
  return within(clock, core.settings.peerPatienceMs, async () => {
    const response = await send(new Request(`http://${peer.networkAddress}${path}`));
    if (response.status === 200) return new Uint8Array(await response.arrayBuffer());
    await response.body?.cancel();
    return undefined;
  });
}
