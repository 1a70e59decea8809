import { describe, expect, it } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import type { Axis } from '../../src/protocol/axis.ts';
import {
  columnsForRange,
  type Geometry,
  geometryFor,
  sliversForRange,
  sliversToDecode,
} from '../../src/protocol/geometry.ts';
import { decodeMetadata, sliverHash } from '../../src/protocol/metadata.ts';
import { decodeSliver, encodeSliver } from '../../src/protocol/sliver.ts';
import {
  kernelDecode,
  kernelEncode,
  kernelRecover,
  kernelSliverRoot,
} from '../support/kernel-blob.ts';
import { sha256Of } from '../support/node-hash.ts';
import { generateInput, type InputDescription, loadFixture } from '../support/vectors.ts';

const { recoverSliver, corrupt, rangeRead, ...fixture } = await loadFixture('reconstruct');
// Decoding at a thousand shards is left to the library's test, which runs every case too.
const decode = fixture.decode.filter(({ nShards }) => nShards < 1000);

describe.each(['simd', 'scalar'] as const)('%s engine', async (engine) => {
  const module = await loadKernel({ engine });

  /** Encodes an input and gives its slivers' BCS by sliver index. */
  function encode(shardCount: number, input: InputDescription) {
    const encoded = kernelEncode(new Kernel(module), shardCount, generateInput(input));
    const { primarySlivers, secondarySlivers } = encoded;
    const sliver = (axis: Axis, index: number): Uint8Array => {
      const list = axis === 'primary' ? primarySlivers : secondarySlivers;
      const bytes = list[axis === 'primary' ? index : shardCount - 1 - index];
      if (bytes === undefined) throw new Error(`no sliver ${index}`);
      return bytes;
    };
    const data = (axis: Axis, index: number) => decodeSliver(sliver(axis, index)).data;
    const geometry = geometryFor(shardCount, encoded.unencodedBytes);
    return { ...encoded, sliver, data, geometry, read: decodeMetadata(encoded.metadata) };
  }

  it.each(decode)('decodes $id', (c) => {
    const { blobId, sliver, data, geometry } = encode(c.nShards, c.input);
    expect(blobId).toBe(c.blobId);
    const kept = c.keptSliverIndices.map((index) => sliver(c.axis, index));
    expect(sha256Of(...kept)).toBe(c.keptSliversBcsSha256);
    const needed = sliversToDecode(geometry, c.axis);
    const indices = c.keptSliverIndices.slice(0, needed);
    const slivers = indices.map((index) => [index, data(c.axis, index)] as const);
    expect(sha256Of(kernelDecode(new Kernel(module), geometry, c.axis, slivers))).toBe(
      c.expectedSha256,
    );
  });

  it.each(recoverSliver)('recovers $id', (c) => {
    const { blobId, data, geometry } = encode(c.nShards, c.input);
    expect(blobId).toBe(c.blobId);
    // The symbol where a helper crosses the target: inside the stored part of the helper for a
    // systematic target; else from the expanded helper, which is what a node does too.
    const symbols = c.helperSliverIndices.map((index) => {
      const helper = expand(new Kernel(module), geometry, c.helperAxis, data(c.helperAxis, index));
      const at = c.targetSliverIndex * geometry.symbolBytes;
      return [index, helper.slice(at, at + geometry.symbolBytes)] as const;
    });
    const recovered = kernelRecover(new Kernel(module), geometry, c.targetAxis, symbols);
    const { symbolBytes } = geometry;
    const sliver = { data: recovered, symbolBytes, sliverIndex: c.targetSliverIndex };
    expect(sha256Of(encodeSliver(sliver))).toBe(c.expectedSliverBcsSha256);
  });

  it.each(corrupt)('rejects exactly the corrupt slivers of $id', (c) => {
    const { blobId, data, geometry, read } = encode(c.nShards, c.input);
    expect(blobId).toBe(c.blobId);
    const kernel = new Kernel(module);
    const offered = c.offeredSliverIndices.map((index) => {
      const bytes = data(c.axis, index).slice();
      for (const { sliverIndex, dataByteOffset, xor } of c.corrupt) {
        if (sliverIndex === index) bytes[dataByteOffset] = (bytes[dataByteOffset] ?? 0) ^ xor;
      }
      return [index, bytes] as const;
    });
    const good = offered.filter(([index, bytes]) => {
      const root = kernelSliverRoot(kernel, geometry, c.axis, bytes);
      return Buffer.compare(root, sliverHash(read, c.axis, index) ?? new Uint8Array()) === 0;
    });
    const rejected = offered.filter((entry) => !good.includes(entry)).map(([index]) => index);
    expect(rejected).toEqual(
      c.offeredSliverIndices.filter((index) => c.expectRejectedSliverIndices.includes(index)),
    );
    const enough = good.slice(0, sliversToDecode(geometry, c.axis));
    expect(sha256Of(kernelDecode(kernel, geometry, c.axis, enough))).toBe(c.expectedSha256);
  });

  if (engine === 'scalar') return; // which bytes lie where does not depend on the engine
  it.each(rangeRead)('reads $id from the named slivers', (c) => {
    const { data, geometry } = encode(c.nShards, c.input);
    const spans = sliversForRange(geometry, c.start, c.start + c.length);
    expect(spans.map(({ sliverIndex }) => sliverIndex)).toEqual(c.primarySliverIndices);
    const parts = spans.map(({ sliverIndex, begin, end }) =>
      data('primary', sliverIndex).subarray(begin, end),
    );
    expect(sha256Of(...parts)).toBe(c.expectedSha256);
    if (c.secondarySliverIndices === undefined) return;
    const columns = columnsForRange(geometry, c.start, c.start + c.length);
    expect(columns).toEqual(c.secondarySliverIndices);
    const slivers = new Map(columns.map((column) => [column, data('secondary', column)]));
    const { symbolBytes, columnCount } = geometry;
    const bytes = Uint8Array.from({ length: c.length }, (_, i) => {
      const at = Math.floor((c.start + i) / symbolBytes);
      const offset = Math.floor(at / columnCount) * symbolBytes + ((c.start + i) % symbolBytes);
      return slivers.get(at % columnCount)?.[offset] ?? 0;
    });
    expect(sha256Of(bytes)).toBe(c.expectedSha256);
  });
});

/** A sliver's data followed by its repair symbols. */
function expand(kernel: Kernel, geometry: Geometry, axis: Axis, data: Uint8Array): Uint8Array {
  const { shardCount, symbolBytes } = geometry;
  kernel.configure(shardCount, symbolBytes);
  const repairBytes = shardCount * symbolBytes - data.length;
  const dataPtr = kernel.alloc(data.length);
  const repairPtr = kernel.alloc(repairBytes);
  const leavesPtr = kernel.alloc(shardCount * 32);
  kernel.bytes(dataPtr, data.length).set(data);
  kernel.expandSliver({ axis, dataPtr, repairPtr, leavesPtr });
  const expanded = new Uint8Array(shardCount * symbolBytes);
  expanded.set(data);
  expanded.set(kernel.bytes(repairPtr, repairBytes), data.length);
  return expanded;
}
