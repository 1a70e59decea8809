import { afterAll, describe, expect, it } from 'vitest';
import { type Axis, createEncoder, type EncodedBlob, type Encoder } from '../../src/index.ts';
import { sliverPrefixBytes } from '../../src/protocol/sliver.ts';
import { sha256Of } from '../support/node-hash.ts';
import { SOAK } from '../support/seed.ts';
import { generateInput, type InputDescription, loadFixture } from '../support/vectors.ts';

const { decode, recoverSliver, corrupt } = await loadFixture('reconstruct');

// The scalar engine takes five seconds for each case at a thousand shards.
const scalarDecode = decode.filter(
  ({ nShards, id }) => SOAK || nShards < 1000 || /primary-random/.test(id),
);

/** BCS of a sliver by its index, not by its pair. */
function sliverOf(encoded: EncodedBlob, axis: Axis, index: number): Uint8Array {
  const { primarySlivers, secondarySlivers, shardCount } = encoded;
  const pair = axis === 'primary' ? index : shardCount - 1 - index;
  return (axis === 'primary' ? primarySlivers : secondarySlivers)[pair] ?? new Uint8Array();
}

async function encode(encoder: Encoder, c: { nShards: number; input: InputDescription }) {
  const encoded = await encoder.encodeBlob(generateInput(c.input), { shardCount: c.nShards });
  const { blobId, metadata, shardCount } = encoded;
  return { encoded, claim: { blobId, metadata, shardCount } };
}

describe.each(['simd', 'scalar'] as const)('%s engine', (engine) => {
  const encoder = createEncoder({ engine });
  afterAll(() => encoder.close());

  it.each(engine === 'scalar' ? scalarDecode : decode)(
    'decodes $id',
    async (c) => {
      const { encoded, claim } = await encode(encoder, c);
      expect(encoded.blobId).toBe(c.blobId);
      const slivers = c.keptSliverIndices.map((index) => sliverOf(encoded, c.axis, index));
      expect(sha256Of(...slivers)).toBe(c.keptSliversBcsSha256);
      for (const consistency of ['default', 'strict'] as const) {
        const blob = await encoder.decodeBlob({ ...claim, axis: c.axis, slivers, consistency });
        expect(sha256Of(blob), consistency).toBe(c.expectedSha256);
      }
    },
    120_000,
  );

  it.each(recoverSliver)('recovers $id', async (c) => {
    const { encoded, claim } = await encode(encoder, c);
    expect(encoded.blobId).toBe(c.blobId);
    const { shardCount, unencodedBytes } = encoded;
    const symbols = await Promise.all(
      c.helperSliverIndices.map((index) =>
        encoder.makeRecoverySymbols({
          shardCount,
          unencodedBytes,
          axis: c.helperAxis,
          sliver: sliverOf(encoded, c.helperAxis, index),
          targetIndices: [c.targetSliverIndex],
        }),
      ),
    );
    const sliver = await encoder.recoverSliver({
      ...claim,
      axis: c.targetAxis,
      sliverIndex: c.targetSliverIndex,
      symbols: symbols.flat(),
    });
    expect(sha256Of(sliver)).toBe(c.expectedSliverBcsSha256);
  });

  it.each(corrupt)('rejects exactly the corrupt slivers of $id', async (c) => {
    const { encoded, claim } = await encode(encoder, c);
    expect(encoded.blobId).toBe(c.blobId);
    const rejected: number[] = [];
    const slivers: Uint8Array[] = [];
    for (const index of c.offeredSliverIndices) {
      const sliver = sliverOf(encoded, c.axis, index).slice();
      for (const { dataByteOffset, xor } of c.corrupt.filter((x) => x.sliverIndex === index)) {
        const at = sliverPrefixBytes(sliver.length - 6) + dataByteOffset;
        sliver[at] = (sliver[at] ?? 0) ^ xor;
      }
      slivers.push(sliver);
      const sliverPairIndex = c.axis === 'primary' ? index : c.nShards - 1 - index;
      const check = encoder.verifySliver({ ...claim, axis: c.axis, sliverPairIndex, sliver });
      await check.catch((error) => {
        expect(error).toMatchObject({ code: 'sliver-mismatch', detail: { sliverIndex: index } });
        rejected.push(index);
      });
    }
    expect(rejected.sort()).toEqual([...c.expectRejectedSliverIndices].sort());
    // The bad ones stay among the offered: decoding has to find them itself.
    const blob = await encoder.decodeBlob({ ...claim, axis: c.axis, slivers });
    expect(sha256Of(blob)).toBe(c.expectedSha256);
  });
});
