import type { NodeFacts } from '../../src/transfer/put-types.ts';
import { checkBounds, checkReadable } from './checkers.ts';
import { certify, register } from './paid-blobs.ts';
import { watchUploads } from './progress-checks.ts';
import { type PaidBlob, putClient, type Tries } from './put-client.ts';
import type { Scene } from './story.ts';
import { checkVerdict } from './verdict-checks.ts';
import { finish, sourceOf, uniqueBlobs, type World } from './world.ts';

/** Blobs that are paid for already are to be uploaded and certified: the transfer alone. */
export async function putStory(world: World, tries: Tries = 'again'): Promise<Scene> {
  const { scheduler, network, config } = world;
  const paid: PaidBlob[] = [];
  const certified = new Set<string>();
  for (const plan of uniqueBlobs(config.blobs)) {
    const encoded = await finish(scheduler, world.encoded(plan));
    const objectId = await finish(scheduler, register(world, encoded));
    paid.push({
      ...encoded,
      ...{ objectId, deletable: config.deletable },
      slivers: (pair, axis) => {
        const slivers = axis === 'primary' ? encoded.primarySlivers : encoded.secondarySlivers;
        return slivers[pair] as Uint8Array<ArrayBuffer>;
      },
      certify: async (proof) => {
        const done = certified.has(encoded.blobId) || (await certify(world, objectId, proof));
        if (done) certified.add(encoded.blobId);
        return done;
      },
    });
  }
  watchUploads(world, paid[0]?.shardCount ?? 0, ({ rows }, blobId, nodeId) => {
    const row = rows.snapshot().get('holdings')?.get(`${blobId}/${nodeId}`);
    return row === undefined ? [] : [row.value as NodeFacts];
  });
  const committee = async () => network.life.port.state().current;
  return {
    client: putClient(
      paid,
      committee,
      (nodeId, reason) => world.guard(() => checkVerdict(world, nodeId, reason)),
      tries,
    ),
    check: () => checkBounds(world, world.pagesSoFar),
    isDone: () => paid.every(({ blobId }) => certified.has(blobId)),
    async audit() {
      for (const plan of uniqueBlobs(config.blobs)) {
        await checkReadable(world, await world.encoded(plan), sourceOf(plan));
      }
    },
  };
}
