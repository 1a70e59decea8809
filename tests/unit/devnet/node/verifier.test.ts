import { afterAll, describe, expect, it } from 'vitest';
import { InThreadVerifier } from '../../../../src/devnet/verify/in-thread.ts';
import { ThreadedVerifier } from '../../../../src/devnet/verify/threads-door.ts';
import type { Verifier } from '../../../../src/devnet/verify/verifier.ts';
import { isHauloutError } from '../../../../src/protocol/errors.ts';
import { geometryFor } from '../../../../src/protocol/geometry.ts';
import { decodeMetadata, sliverHash } from '../../../../src/protocol/metadata.ts';
import { decodeSliver } from '../../../../src/protocol/sliver.ts';
import { encodedBlob, NodeCalls, register, sliverOf } from '../../../support/devnet/node-calls.ts';
import { kernelModule, startFleet } from '../../../support/devnet/test-fleet.ts';

const open: Verifier[] = [];
afterAll(() => Promise.all(open.map((verifier) => verifier.close())));

describe.each(['in the thread', 'in threads of its own'])('a verifier %s', (kind) => {
  const make = async () => {
    const module = await kernelModule();
    const verifier =
      kind === 'in the thread' ? new InThreadVerifier(module) : new ThreadedVerifier(module, 2);
    open.push(verifier);
    return verifier;
  };

  it('verifies, cuts symbols, recovers, and fails with our errors; many at a time', async () => {
    const verifier = await make();
    const blobs = [
      await encodedBlob(4_000),
      await encodedBlob(90, 2),
      await encodedBlob(3_000, 3, 10),
    ];
    const work = blobs.flatMap((blob) => {
      const metadata = decodeMetadata(blob.metadata);
      const geometry = geometryFor(blob.shardCount, blob.unencodedBytes);
      return Array.from({ length: blob.shardCount }, async (_, pair) => {
        const { data, sliverIndex } = decodeSliver(sliverOf(blob, 'primary', pair));
        const hash = sliverHash(metadata, 'primary', sliverIndex)?.slice();
        const bad = data.slice();
        bad[3] = (bad[3] ?? 0) ^ 4;
        const slivers = [data.slice(), bad, data.slice()].map((each) => ({ data: each, hash }));
        const { wrong } = await verifier.run({
          kind: 'verify',
          geometry,
          axis: 'primary',
          slivers,
        });
        expect(wrong).toEqual([1]);
      });
    });
    await Promise.all(work);
    const [blob] = blobs as [(typeof blobs)[0]];
    const geometry = geometryFor(13, blob.unencodedBytes);
    const cut = await Promise.all(
      blob.secondarySlivers.map((sliver) =>
        verifier.run({ kind: 'symbols', geometry, axis: 'secondary', sliver, targetIndices: [7] }),
      ),
    );
    const symbols = cut.flatMap((each) => each.symbols);
    const { blobId, metadata } = blob;
    const target = { kind: 'recover', shardCount: 13, blobId, metadata, axis: 'primary' } as const;
    const { sliver } = await verifier.run({ ...target, sliverIndex: 7, symbols });
    expect(Buffer.compare(sliver, sliverOf(blob, 'primary', 7))).toBe(0);
    const few = verifier.run({ ...target, sliverIndex: 7, symbols: symbols.slice(0, 3) });
    const error = await few.catch((thrown: unknown) => thrown);
    expect(isHauloutError(error, 'not-enough-symbols')).toBe(true);
  });
});

describe('threads', () => {
  it('serve nodes', async () => {
    const verifier = new ThreadedVerifier(await kernelModule(), 2);
    open.push(verifier);
    const { fleet } = await startFleet({ verifier });
    const blob = await encodedBlob(9_000);
    await register(fleet, blob);
    const node = new NodeCalls(fleet);
    await node.upload(blob);
    expect((await node.confirm(blob)).status).toBe(200);
  });

  it('end, and fail what waits', async () => {
    const verifier = new ThreadedVerifier(await kernelModule(), 1);
    const geometry = geometryFor(13, 10);
    const task = { kind: 'verify', geometry, axis: 'primary', slivers: [] } as const;
    const waiting = Array.from({ length: 3 }, () => verifier.run(task).catch(() => 'failed'));
    await verifier.close();
    expect(await Promise.all(waiting)).toContain('failed');
    await expect(verifier.run(task)).rejects.toThrow();
  });
});

describe('in one thread with a disk in memory', () => {
  it('a request settles before the next turn of the event loop', async () => {
    const { fleet } = await startFleet();
    const blob = await encodedBlob(5_000);
    await register(fleet, blob);
    const node = new NodeCalls(fleet);
    const pair = node.pairs(blob)[0] as number;
    const steps = [
      () => node.putMetadata(blob),
      () => node.putSliver(blob, 'primary', pair),
      () => node.putSliver(blob, 'secondary', pair),
      async () => (await node.getSliver(blob, 'primary', pair)).arrayBuffer(),
      () => node.get(`/v1/blobs/${blob.blobId}/recoverySymbols?targetSliver=3&targetType=primary`),
      () => node.confirm(blob),
    ];
    for (const [i, step] of steps.entries()) {
      let settled = false;
      void step().then(() => {
        settled = true;
      });
      await new Promise((resolve) => setImmediate(resolve));
      expect(settled, `step ${i}`).toBe(true);
    }
  });
});
