import type { NodeCore } from './core.ts';

/** Writes out what was kept in memory for a blob that is registered now. */
export async function flushPending(core: NodeCore, blobId: string): Promise<void> {
  await core.inTurn(`flush ${blobId}`, async () => {
    const metadata = core.pending.metadata(blobId);
    if (metadata === undefined) return;
    // First the metadata: slivers that arrive from then on go to the disk themselves.
    if (!core.store.hasMetadata(blobId)) await core.store.putMetadata(blobId, metadata);
    for (const { axis, pair, bytes } of core.pending.take(blobId)?.slivers ?? []) {
      if (!core.store.has(blobId, axis, pair))
        await core.store.putSliver(blobId, axis, pair, bytes);
    }
  });
}
