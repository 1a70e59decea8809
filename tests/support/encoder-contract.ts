import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EncodedBlob, EncodeProgress, Encoder } from '../../src/index.ts';
import { HauloutError, Hold, maxBlobBytes } from '../../src/index.ts';
import { sliverPrefixBytes } from '../../src/protocol/sliver.ts';
import { type BlobCase, generateInput, loadFixture, sha256Hex } from './vectors.ts';

/** Gives what `work` rejects with. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

export function expectCode(error: unknown, code: string): void {
  expect(error).toBeInstanceOf(HauloutError);
  expect(error).toMatchObject({ code });
}

/** What every encoder must do, wherever it runs its tasks. */
export function encoderContract(name: string, make: () => Encoder): void {
  describe(name, () => {
    let encoder: Encoder;
    let cases: BlobCase[];
    beforeAll(async () => {
      cases = (await loadFixture('blobs')).cases;
      encoder = make();
    });
    afterAll(() => encoder.close());

    const pick = (n: number, sizes: number) => cases.filter((c) => c.nShards === n).slice(-sizes);

    it('gives the official blob IDs for bytes and for Blobs', async () => {
      for (const c of [...pick(4, 3), ...pick(7, 3), ...pick(31, 2), ...pick(100, 2)]) {
        const bytes = generateInput(c.input);
        for (const source of [bytes, new Blob([bytes as Uint8Array<ArrayBuffer>])]) {
          const summary = await encoder.computeBlobId(source, { shardCount: c.nShards });
          expect(summary.blobId, c.id).toBe(c.blobId);
          expect(sha256Hex(summary.metadata), c.id).toBe(c.metadataBcsSha256);
          expect(summary.encodedBytes).toBe(c.encodedLength);
          expect(summary.symbolBytes).toBe(c.symbolSize);
        }
      }
    });

    it('gives the official slivers in pair order', async () => {
      for (const c of [...pick(10, 3), ...pick(31, 2)]) {
        const encoded = await encoder.encodeBlob(generateInput(c.input), { shardCount: c.nShards });
        expect(encoded.blobId).toBe(c.blobId);
        expect(sha256Hex(...encoded.primarySlivers), c.id).toBe(c.primarySliversBcsSha256);
        expect(sha256Hex(...encoded.secondarySlivers), c.id).toBe(c.secondarySliversBcsSha256);
      }
    });

    it('takes the memory of an earlier blob for the next one', async () => {
      let reuse: EncodedBlob | undefined;
      for (const c of [...pick(31, 3), ...pick(31, 3), ...pick(10, 2)]) {
        const last = reuse;
        reuse = await encoder.encodeBlob(generateInput(c.input), { shardCount: c.nShards, reuse });
        expect(sha256Hex(...reuse.primarySlivers), c.id).toBe(c.primarySliversBcsSha256);
        expect(sha256Hex(...reuse.secondarySlivers), c.id).toBe(c.secondarySliversBcsSha256);
        expect(last?.primarySlivers.filter(({ length }) => length > 0) ?? []).toEqual([]);
      }
    });

    it('serves many small blobs at once', async () => {
      const chosen = pick(31, 12);
      const work = chosen.map((c) =>
        encoder.computeBlobId(generateInput(c.input), { shardCount: 31 }),
      );
      const ids = (await Promise.all(work)).map((summary) => summary.blobId);
      expect(ids).toEqual(chosen.map((c) => c.blobId));
    });

    it('tells progress that never goes back and ends complete', async () => {
      const seen: EncodeProgress[] = [];
      const source = new Uint8Array(300_000).fill(7);
      const onProgress = (progress: EncodeProgress) => seen.push(progress);
      await encoder.computeBlobId(source, { shardCount: 100, onProgress });
      expect(seen[0]?.phase).toBe('queued');
      const last = seen.at(-1);
      expect(last).toMatchObject({ phase: 'finishing', bytesDone: 300_000, columnsDone: 100 });
      expect(last?.columnRanges).toEqual([[0, 100]]);
      const done = seen.map((progress) => progress.bytesDone);
      expect(done).toEqual([...done].sort((a, b) => a - b));
    });

    it('decodes, verifies and recovers what it encoded', async () => {
      const source = new Uint8Array(50_001).map((_, i) => (i * 7919) >>> 3);
      const shardCount = 31;
      const encoded = await encoder.encodeBlob(source, { shardCount });
      const { blobId, metadata, primarySlivers, secondarySlivers } = encoded;
      const claim = { shardCount, blobId, metadata };
      const repair = primarySlivers.slice(-11);
      expect(await encoder.decodeBlob({ ...claim, axis: 'primary', slivers: repair })).toEqual(
        source,
      );
      const columns = secondarySlivers.slice(0, 21);
      const options = { ...claim, axis: 'secondary', slivers: columns } as const;
      expect(await encoder.decodeBlob({ ...options, consistency: 'strict' })).toEqual(source);
      const sliver = secondarySlivers[3] as Uint8Array;
      const held = { ...claim, axis: 'secondary', sliverPairIndex: 3 } as const;
      await encoder.verifySliver({ ...held, sliver });
      const symbols = await Promise.all(
        primarySlivers.slice(5, 16).map(async (primary) => {
          const symbolsFor = {
            shardCount,
            unencodedBytes: source.length,
            axis: 'primary',
          } as const;
          const made = { ...symbolsFor, sliver: primary, targetIndices: [27] };
          return (await encoder.makeRecoverySymbols(made))[0] as Uint8Array;
        }),
      );
      const wanted = { ...claim, axis: 'secondary', sliverIndex: 27, symbols } as const;
      expect(await encoder.recoverSliver(wanted)).toEqual(sliver);
    });

    it('refuses a changed sliver, and decodes as long as enough good ones are left', async () => {
      const source = new Uint8Array(9_000).map((_, i) => i * i);
      const shardCount = 10;
      const encoded = await encoder.encodeBlob(source, { shardCount });
      const { blobId, metadata } = encoded;
      const claim = { shardCount, blobId, metadata, axis: 'primary' } as const;
      const slivers = encoded.primarySlivers.map((sliver) => sliver.slice());
      const bad = slivers[2] as Uint8Array;
      const at = sliverPrefixBytes(bad.length) + 1;
      bad[at] = (bad[at] as number) ^ 1;
      const verify = encoder.verifySliver({ ...claim, sliverPairIndex: 2, sliver: bad });
      expect(await rejection(verify)).toMatchObject({
        code: 'sliver-mismatch',
        detail: { axis: 'primary', sliverIndex: 2 },
      });
      expect(await encoder.decodeBlob({ ...claim, slivers })).toEqual(source);
      const tooFew = rejection(encoder.decodeBlob({ ...claim, slivers: slivers.slice(0, 4) }));
      expect(await tooFew).toMatchObject({
        code: 'not-enough-slivers',
        detail: { have: 3, need: 4 },
        cause: { code: 'sliver-mismatch' },
      });
    });

    it('refuses what cannot be encoded with a typed error', async () => {
      const bytes = new Uint8Array(maxBlobBytes(4) + 1);
      const big = rejection(encoder.computeBlobId(bytes, { shardCount: 4 }));
      const detail = { bytes: bytes.length, limit: maxBlobBytes(4) };
      expect(await big).toMatchObject({ code: 'blob-too-large', detail });
      const few = rejection(encoder.computeBlobId(bytes, { shardCount: 3 }));
      expectCode(await few, 'shard-count-unsupported');
    });

    it('stands still while it is held, lets other work pass, and goes on where it was', async () => {
      const hold = new Hold();
      hold.set(true);
      const done: number[] = [];
      const onProgress = ({ bytesDone }: EncodeProgress) => done.push(bytesDone);
      const source = new Uint8Array(300_000).fill(3);
      const work = encoder.computeBlobId(source, { shardCount: 300, hold, onProgress });
      await encoder.computeBlobId(new Uint8Array(5), { shardCount: 7 });
      const waited = new Promise((resolve) => setTimeout(resolve, 100, 'waited'));
      expect(await Promise.race([work, waited])).toBe('waited');
      expect(Math.max(0, ...done)).toBe(0);
      // A few times in the middle, wherever that is.
      for (const isHeld of [false, true, false, true, false]) {
        hold.set(isHeld);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { blobId } = await work;
      expect(blobId).toBe((await encoder.computeBlobId(source, { shardCount: 300 })).blobId);
      expect(done).toEqual([...done].sort((a, b) => a - b));
    });

    it('stops when aborted, before and while it works, and goes on with other work', async () => {
      const gone = AbortSignal.abort();
      const never = encoder.computeBlobId(new Uint8Array(9), { shardCount: 7, signal: gone });
      expectCode(await rejection(never), 'aborted');
      const controller = new AbortController();
      const source = new Uint8Array(6_000_000).fill(3);
      const { signal } = controller;
      const work = rejection(encoder.computeBlobId(source, { shardCount: 1000, signal }));
      const other = encoder.computeBlobId(new Uint8Array(5), { shardCount: 7 });
      setTimeout(() => controller.abort(), 60);
      expectCode(await work, 'aborted');
      const again = await encoder.computeBlobId(new Uint8Array(5), { shardCount: 7 });
      expect((await other).blobId).toBe(again.blobId);
    });
  });
}
