import { inThreadCodec } from '../../src/devnet/codec.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import { parseBlobId } from '../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import { committeeShape, sliversToDecode } from '../../src/protocol/geometry.ts';
import { shardOfPair, sliverPairIndex } from '../../src/protocol/sliver-mapping.ts';
import { HOST_REQUESTS } from '../../src/transfer/pace.ts';
import { expectThat } from './violation.ts';
import type { World } from './world.ts';

const kernel = await loadKernel();
/** I5: what is under way is bounded: so many requests of each page at one host. */
export function checkBounds(world: World, pages: number): void {
  for (const [host, count] of world.inFlight) {
    expectThat(count <= pages * HOST_REQUESTS, 'I5', () => `${count} requests at ${host}`);
  }
}

/**
 * I1, I9: a certified blob can be read from the disks of the nodes that may be trusted, with as few
 * slivers as it takes, and is the source.
 */
export async function checkReadable(
  world: World,
  blob: EncodedBlob,
  source: Uint8Array,
): Promise<void> {
  const { shardCount, blobId, metadata } = blob;
  const id = parseBlobId(blobId);
  const { members } = world.network.life.port.state().current;
  const slivers: Uint8Array[] = [];
  for (let pair = 0; pair < shardCount; pair++) {
    const shard = shardOfPair(sliverPairIndex(pair, shardCount), id, shardCount);
    const owner = members.find(({ shards }) => shards.includes(shard));
    const slot = world.network.nodes.find(({ identity }) => identity.nodeId === owner?.nodeId);
    const isBad = slot === undefined || world.config.badNodes.includes(slot.identity.index);
    const sliver = isBad ? undefined : await slot.node?.core.store.sliver(blobId, 'primary', pair);
    if (sliver !== undefined) slivers.push(sliver);
  }
  const need = sliversToDecode(committeeShape(shardCount), 'primary');
  expectThat(
    slivers.length >= need,
    'I9',
    () => `${slivers.length} of ${need} slivers of ${blobId}`,
  );
  const codec = inThreadCodec(kernel, world.clock);
  const some = slivers.slice(-need); // the last ones: mostly repair slivers
  const bytes = await codec.decode({
    shardCount,
    blobId,
    metadata,
    axis: 'primary',
    slivers: some,
  });
  const isSame = bytes.length === source.length && bytes.every((byte, i) => byte === source[i]);
  expectThat(isSame, 'I1', () => `blob ${blobId} is not what was given`);
}
