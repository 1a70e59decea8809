import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeFleet } from '../../../../src/devnet/fleet.ts';
import type { EncodedBlob } from '../../../../src/protocol/blob-summary.ts';
import {
  bytesOf,
  encodedBlob,
  expectData,
  expectFailure,
  expectPlain,
  NodeCalls,
  register,
  sliverOf,
} from '../../../support/devnet/node-calls.ts';
import { startFleet } from '../../../support/devnet/test-fleet.ts';

let fleet: NodeFleet;
let node: NodeCalls;
let blob: EncodedBlob;
let pair: number;
let foreign: number; // a pair of another node
beforeEach(async () => {
  ({ fleet } = await startFleet());
  node = new NodeCalls(fleet);
  blob = await encodedBlob(3_000);
  pair = node.pairs(blob)[0] as number;
  foreign = new NodeCalls(fleet, 1).pairs(blob)[0] as number;
});

const INVALID = [400, 'INVALID_ARGUMENT'] as const;
const PRECONDITION = [400, 'FAILED_PRECONDITION'] as const;
const AXES = ['primary', 'secondary'] as const;

describe('PUT sliver', () => {
  it.each(AXES)('stores %s: 201, then 200 whatever comes', async (axis) => {
    await register(fleet, blob);
    await node.putMetadata(blob);
    await expectData(await node.putSliver(blob, axis, pair), 'sliver stored successfully', 201);
    await expectData(await node.putSliver(blob, axis, pair), 'sliver already stored', 200);
    const bytes = sliverOf(blob, axis, pair).slice();
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    await expectData(await node.putSliver(blob, axis, pair, { bytes }), 'sliver already stored');
  });

  it('is stored once, as it is, if it comes many times at once', async () => {
    await register(fleet, blob);
    await node.putMetadata(blob);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => node.putSliver(blob, 'primary', pair)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200, 200, 200, 200, 200, 200, 200, 201,
    ]);
    const stored = await bytesOf(await node.getSliver(blob, 'primary', pair));
    expect(Buffer.compare(stored, sliverOf(blob, 'primary', pair))).toBe(0);
  });

  it('checks in the order of the real node', async () => {
    // 0 body, 1 pair, 2 index, 3 metadata, 4 shard, 5 stored, 6 content: each with all later faults present
    const wrong = sliverOf(blob, 'primary', pair).slice();
    wrong[20] = (wrong[20] ?? 0) ^ 1;
    const put = (at: number, bytes: Uint8Array, pending = false) =>
      node.putSliver(blob, 'primary', at, { bytes, pending });
    await expectFailure(await put(99, wrong.subarray(1)), ...INVALID, 'INVALID_CONTENT_TYPE');
    await expectFailure(await put(99, wrong), ...INVALID, 'INDEX_OUT_OF_RANGE');
    await expectFailure(await put(foreign, wrong), ...INVALID, 'SLIVER_INDEX_MISMATCH');
    const there = sliverOf(blob, 'primary', foreign).slice();
    there[20] = (there[20] ?? 0) ^ 1;
    await expectFailure(await put(foreign, there), ...PRECONDITION, 'NOT_REGISTERED');
    await expectFailure(await put(foreign, there, true), ...PRECONDITION, 'METADATA_NOT_FOUND');
    await register(fleet, blob);
    await expectFailure(await put(foreign, there), ...PRECONDITION, 'METADATA_NOT_FOUND');
    await node.putMetadata(blob);
    await expectFailure(await put(foreign, there), ...PRECONDITION, 'SHARD_NOT_ASSIGNED');
    await expectFailure(await put(pair, wrong), ...INVALID, 'INVALID_SLIVER');
    expect((await node.putSliver(blob, 'primary', pair)).status).toBe(201);
    await expectData(await put(pair, wrong), 'sliver already stored');
  });

  it('knows that the secondary sliver of a pair has another index', async () => {
    await register(fleet, blob);
    await node.putMetadata(blob);
    const bytes = sliverOf(blob, 'secondary', 12 - pair); // its index is the pair's number
    const answer = await node.putSliver(blob, 'secondary', pair, { bytes });
    const expected = pair === 6 ? 201 : 400;
    expect(answer.status).toBe(expected);
  });

  it('refuses slivers of other lengths, other symbols, other content', async () => {
    await register(fleet, blob);
    await node.putMetadata(blob);
    const good = sliverOf(blob, 'primary', pair);
    const cases: Record<string, Uint8Array> = {
      zeroSymbol: good.slice(),
      otherSymbol: good.slice(),
    };
    cases['zeroSymbol']?.set([0, 0], good.length - 4);
    cases['otherSymbol']?.set([2, 0], good.length - 4);
    const zero = await node.putSliver(blob, 'primary', pair, {
      bytes: cases['zeroSymbol'] as Uint8Array,
    });
    await expectFailure(zero, ...INVALID, 'INVALID_CONTENT_TYPE');
    const other = await node.putSliver(blob, 'primary', pair, {
      bytes: cases['otherSymbol'] as Uint8Array,
    });
    await expectFailure(other, ...INVALID, 'INVALID_SLIVER');
    const ofOther = await encodedBlob(3_000, 2);
    const bytes = sliverOf(ofOther, 'primary', pair);
    const foreignContent = await node.putSliver(blob, 'primary', pair, { bytes });
    await expectFailure(foreignContent, ...INVALID, 'INVALID_SLIVER');
    const longer = sliverOf(await encodedBlob(6_000), 'primary', pair);
    const tooLong = await node.putSliver(blob, 'primary', pair, { bytes: longer });
    await expectFailure(tooLong, ...INVALID, 'INVALID_SLIVER');
  });

  it('limits its body', async () => {
    const limit = 9 * 65_534 + 128;
    const atLimit = await node.putSliver(blob, 'primary', pair, { bytes: new Uint8Array(limit) });
    expect(atLimit.status).toBe(400);
    const bytes = new Uint8Array(limit + 1);
    await expectPlain(await node.putSliver(blob, 'primary', pair, { bytes }), 413);
  });
});

describe('GET sliver', () => {
  it.each(AXES)('gives %s as it came', async (axis) => {
    await register(fleet, blob);
    await node.upload(blob);
    const bytes = await bytesOf(await node.getSliver(blob, axis, pair));
    expect(Buffer.compare(bytes, sliverOf(blob, axis, pair))).toBe(0);
  });

  it('streams what is large', async () => {
    const large = await encodedBlob(2_000_000);
    await register(fleet, large);
    await node.upload(large);
    const at = node.pairs(large)[0] as number;
    const bytes = await bytesOf(await node.getSliver(large, 'primary', at));
    expect(bytes.length).toBeGreaterThan(300_000);
    expect(Buffer.compare(bytes, sliverOf(large, 'primary', at))).toBe(0);
  });

  it('checks range, registration, shard, presence in this order', async () => {
    await expectFailure(
      await node.getSliver(blob, 'primary', 13),
      ...INVALID,
      'INDEX_OUT_OF_RANGE',
    );
    const unknown = await node.getSliver(blob, 'primary', foreign);
    await expectFailure(unknown, 404, 'NOT_FOUND', 'SLIVER_NOT_FOUND');
    await register(fleet, blob);
    const elsewhere = await node.getSliver(blob, 'primary', foreign);
    await expectFailure(elsewhere, ...PRECONDITION, 'SHARD_NOT_ASSIGNED');
    const missing = await node.getSliver(blob, 'primary', pair);
    await expectFailure(missing, 404, 'NOT_FOUND', 'SLIVER_NOT_FOUND');
  });
});

describe('sliver status', () => {
  it('tells what is here', async () => {
    const path = `/v1/blobs/${blob.blobId}/slivers/${pair}/primary/status`;
    await expectData(await node.get(path), 'nonexistent');
    await node.putMetadata(blob, { pending: true });
    await node.putSliver(blob, 'primary', pair, { pending: true });
    await expectData(await node.get(path), 'buffered');
    await register(fleet, blob);
    await expectData(await node.get(path), 'stored');
    const other = `/v1/blobs/${blob.blobId}/slivers/${foreign}/primary/status`;
    await expectFailure(await node.get(other), ...PRECONDITION, 'SHARD_NOT_ASSIGNED');
    const outside = `/v1/blobs/${blob.blobId}/slivers/13/primary/status`;
    await expectFailure(await node.get(outside), ...INVALID, 'INDEX_OUT_OF_RANGE');
  });
});
