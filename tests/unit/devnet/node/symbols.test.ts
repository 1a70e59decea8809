import { beforeAll, describe, expect, it } from 'vitest';
import type { NodeFleet } from '../../../../src/devnet/fleet.ts';
import { Kernel } from '../../../../src/kernel/kernel.ts';
import type { Axis } from '../../../../src/protocol/axis.ts';
import { formatBlobId, parseBlobId } from '../../../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../../../src/protocol/blob-summary.ts';
import { verifySignature } from '../../../../src/protocol/certificate.ts';
import { geometryFor } from '../../../../src/protocol/geometry.ts';
import { blobIdFor } from '../../../../src/protocol/merkle.ts';
import { invalidBlobMessage } from '../../../../src/protocol/messages.ts';
import { decodeMetadata, encodeMetadata } from '../../../../src/protocol/metadata.ts';
import {
  decodeDecodingSymbol,
  decodeGeneralRecoverySymbol,
  encodeRecoverySymbol,
  type GeneralRecoverySymbol,
  verifyRecoverySymbol,
} from '../../../../src/protocol/recovery-symbol.ts';
import { decodeSliver } from '../../../../src/protocol/sliver.ts';
import {
  bytesOf,
  encodedBlob,
  expectFailure,
  expectPlain,
  NodeCalls,
  register,
  sliverOf,
} from '../../../support/devnet/node-calls.ts';
import { kernelModule, startFleet } from '../../../support/devnet/test-fleet.ts';
import { kernelRecover } from '../../../support/kernel-blob.ts';

let fleet: NodeFleet;
let blob: EncodedBlob;
let base: string;
beforeAll(async () => {
  ({ fleet } = await startFleet());
  blob = await encodedBlob(2_000);
  base = `/v1/blobs/${blob.blobId}`;
  await register(fleet, blob);
  for (const { identity } of fleet.slots) await new NodeCalls(fleet, identity.index).upload(blob);
});

const nodes = () => fleet.slots.map(({ identity }) => new NodeCalls(fleet, identity.index));
const INVALID = [400, 'INVALID_ARGUMENT'] as const;
const PRECONDITION = [400, 'FAILED_PRECONDITION'] as const;

/** Splits a BCS vector of symbols whose length is the same for all. */
function symbolsIn(bytes: Uint8Array): GeneralRecoverySymbol[] {
  const count = bytes[0] as number;
  const size = (bytes.length - 1) / count;
  return Array.from({ length: count }, (_, i) =>
    decodeGeneralRecoverySymbol(bytes.subarray(1 + i * size, 1 + (i + 1) * size)),
  );
}

describe('recoverySymbols', () => {
  it.each([
    ['primary', 3],
    ['primary', 12],
    ['secondary', 2],
    ['secondary', 11],
  ] as const)('of all nodes recover %s sliver %i', async (axis, index) => {
    const metadata = decodeMetadata(blob.metadata);
    const geometry = geometryFor(13, 2_000);
    const found: GeneralRecoverySymbol[] = [];
    for (const node of nodes()) {
      const path = `${base}/recoverySymbols?targetSliver=${index}&targetType=${axis}`;
      const symbols = symbolsIn(await bytesOf(await node.get(path)));
      expect(symbols).toHaveLength(node.pairs(blob).length);
      found.push(...symbols);
    }
    for (const symbol of found) {
      expect([symbol.axis, symbol.targetSliverIndex]).toEqual([axis, index]);
      verifyRecoverySymbol({ metadata, geometry, axis, targetSliverIndex: index, symbol });
    }
    const need = axis === 'primary' ? 9 : 5;
    const kernel = new Kernel(await kernelModule());
    const used = found.slice(-need).map((symbol) => [symbol.index, symbol.data] as const);
    const recovered = kernelRecover(kernel, geometry, axis, used);
    const pair = axis === 'primary' ? index : 12 - index;
    expect(Buffer.compare(recovered, decodeSliver(sliverOf(blob, axis, pair)).data)).toBe(0);
  });

  it('by ID come from the slivers that this node has, on the wanted axis', async () => {
    const [node] = nodes() as [NodeCalls];
    const pair = node.pairs(blob)[0] as number;
    const ids = [`${pair}-4`, `${pair}-7`].map((id) => `id=${id}`).join('&');
    const both = symbolsIn(await bytesOf(await node.get(`${base}/recoverySymbols?${ids}`)));
    expect(
      both.map(({ axis, index, targetSliverIndex }) => [axis, index, targetSliverIndex]),
    ).toEqual([
      ['secondary', pair, 4],
      ['secondary', pair, 7],
    ]);
    const crossing = `${base}/recoverySymbols?id=3-${12 - pair}&proofAxis=secondary`;
    const [symbol] = symbolsIn(await bytesOf(await node.get(crossing)));
    expect([symbol?.axis, symbol?.index, symbol?.targetSliverIndex]).toEqual([
      'primary',
      12 - pair,
      3,
    ]);
  });

  it('leave out what is not here, and refuse if nothing is', async () => {
    const [node, other] = nodes() as [NodeCalls, NodeCalls];
    const here = node.pairs(blob)[0] as number;
    const there = other.pairs(blob)[0] as number;
    const query = `proofAxis=primary&id=${here}-0&id=${there}-0`;
    expect(
      symbolsIn(await bytesOf(await node.get(`${base}/recoverySymbols?${query}`))),
    ).toHaveLength(1);
    const only = await node.get(`${base}/recoverySymbols?proofAxis=primary&id=${there}-0`);
    await expectFailure(only, ...PRECONDITION, 'SYMBOL_NOT_PRESENT_AT_SHARDS');
    const unknown = await encodedBlob(100, 9);
    const absent = await node.get(`/v1/blobs/${unknown.blobId}/recoverySymbols?id=0-0`);
    await expectFailure(absent, 404, 'NOT_FOUND', 'SLIVER_NOT_FOUND');
  });

  it('refuse filters that say nothing, too much, or nonsense', async () => {
    const [node] = nodes() as [NodeCalls];
    const get = (query: string) => node.get(`${base}/recoverySymbols${query}`);
    await expectFailure(await get(''), ...PRECONDITION, 'NO_SYMBOLS_SPECIFIED');
    await expectFailure(await get('?proofAxis=primary'), ...PRECONDITION, 'NO_SYMBOLS_SPECIFIED');
    await expectFailure(await get('?targetSliver=1'), ...INVALID, 'INVALID_FILTER');
    await expectFailure(await get('?targetType=primary'), ...INVALID, 'INVALID_FILTER');
    const mixed = '?id=1-1&targetSliver=1&targetType=primary';
    await expectFailure(await get(mixed), ...INVALID, 'INVALID_FILTER');
    const axis = '?targetSliver=1&targetType=primary&proofAxis=primary';
    await expectFailure(await get(axis), ...INVALID, 'INVALID_FILTER');
    await expectFailure(await get('?id=13-0'), ...INVALID, 'INDEX_OUT_OF_RANGE');
    for (const query of ['?id=1', '?id=a-b', '?id=1-2-3', '?targetType=x', '?id=99999-0']) {
      await expectPlain(await get(query), 400);
    }
  });

  it('are refused when too many are asked for at once', async () => {
    const { fleet: small } = await startFleet({ settings: { symbolRequests: 0 } });
    const answer = await new NodeCalls(small).get(`${base}/recoverySymbols?id=0-0`);
    await expectFailure(answer, 503, 'UNAVAILABLE', 'UNAVAILABLE', 'global');
  });
});

describe('decodingSymbols', () => {
  /** Reads a BCS map of sliver index to symbols of equal length. */
  function mapIn(bytes: Uint8Array, symbolBytes: number) {
    const entries: { target: number; tags: number[]; symbols: [number, Uint8Array][] }[] = [];
    let at = 1;
    for (let i = 0; i < (bytes[0] as number); i++) {
      const target = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
      const count = bytes[at + 2] as number;
      at += 3;
      const entry = { target, tags: [] as number[], symbols: [] as [number, Uint8Array][] };
      const size = 2 + (symbolBytes < 128 ? 1 : 2) + symbolBytes;
      for (let j = 0; j < count; j++) {
        entry.tags.push(bytes[at] as number);
        const symbol = decodeDecodingSymbol(bytes.subarray(at + 1, at + 1 + size));
        entry.symbols.push([symbol.index, symbol.data]);
        at += 1 + size;
      }
      entries.push(entry);
    }
    expect(at).toBe(bytes.length);
    return entries;
  }

  it.each([
    ['primary', [4, 0], 9],
    ['secondary', [8, 3], 5],
  ] as const)('of all nodes recover %s slivers', async (axis, targets, need) => {
    const geometry = geometryFor(13, 2_000);
    const found = new Map<number, [number, Uint8Array][]>(targets.map((target) => [target, []]));
    const query = targets.map((target) => `targetSlivers=${target}`).join('&');
    for (const node of nodes()) {
      const path = `${base}/decodingSymbols?${query}&targetType=${axis}`;
      const entries = mapIn(await bytesOf(await node.get(path)), geometry.symbolBytes);
      expect(entries.map(({ target }) => target)).toEqual([...targets].sort((a, b) => a - b));
      for (const { target, tags, symbols } of entries) {
        expect(new Set(tags)).toEqual(new Set([axis === 'primary' ? 0 : 1]));
        expect(symbols).toHaveLength(node.pairs(blob).length);
        found.get(target)?.push(...symbols);
      }
    }
    const kernel = new Kernel(await kernelModule());
    for (const [target, symbols] of found) {
      const recovered = kernelRecover(kernel, geometry, axis, symbols.slice(2, 2 + need));
      const pair = axis === 'primary' ? target : 12 - target;
      expect(Buffer.compare(recovered, decodeSliver(sliverOf(blob, axis, pair)).data)).toBe(0);
    }
  });

  it('are for source slivers only', async () => {
    const [node] = nodes() as [NodeCalls];
    const get = (query: string) => node.get(`${base}/decodingSymbols?${query}`);
    const none = await get('targetType=primary');
    await expectFailure(none, ...PRECONDITION, 'NO_TARGET_SLIVERS_SPECIFIED');
    const outside = [
      ['primary', 5],
      ['secondary', 9],
    ] as const;
    for (const [axis, index] of outside) {
      const answer = await get(`targetSlivers=0&targetSlivers=${index}&targetType=${axis}`);
      await expectFailure(answer, ...INVALID, 'RECOVERY_SYMBOL_OUT_OF_RANGE');
    }
    await expectPlain(await get('targetSlivers=0'), 400);
  });
});

describe('inconsistency proofs', () => {
  /** A blob whose metadata commits to something else than primary sliver 1. */
  async function inconsistent() {
    const metadata = decodeMetadata(blob.metadata);
    const pairHashes = metadata.pairHashes.slice();
    pairHashes[64] = (pairHashes[64] ?? 0) ^ 1;
    const changed = { ...metadata, pairHashes };
    const bytes = encodeMetadata(changed);
    return {
      blobId: formatBlobId(blobIdFor(changed).blobId),
      metadata: bytes,
      unencodedBytes: 2_000,
    };
  }

  /** A BCS proof over one primary sliver from what all nodes have of the good blob. */
  async function proofFor(index: number, axis: Axis = 'primary'): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (const node of nodes()) {
      const path = `${base}/recoverySymbols?targetSliver=${index}&targetType=${axis}`;
      const symbols = symbolsIn(await bytesOf(await node.get(path)));
      parts.push(...symbols.map((symbol) => encodeRecoverySymbol(symbol)));
    }
    return Buffer.concat([Uint8Array.of(index, 0, parts.length), ...parts]);
  }

  it('are confirmed by a signature', async () => {
    const bad = await inconsistent();
    await register(fleet, bad);
    const [node] = nodes() as [NodeCalls];
    expect((await node.putMetadata({ ...blob, ...bad })).status).toBe(201);
    const path = `/v1/blobs/${bad.blobId}/inconsistencyProof/primary`;
    const answer = await node.send('POST', path, await proofFor(1));
    expect(answer.status).toBe(200);
    const { success } = (await answer.json()) as {
      success: { data: { serializedMessage: string; signature: string } };
    };
    const message = Uint8Array.from(Buffer.from(success.data.serializedMessage, 'base64'));
    expect(message).toEqual(invalidBlobMessage(1, parseBlobId(bad.blobId)));
    const signature = Uint8Array.from(Buffer.from(success.data.signature, 'base64'));
    expect(verifySignature(fleet.slot(0).identity.publicKey, message, signature)).toBe(true);
  });

  it('are refused over a good sliver, and without metadata', async () => {
    const [node] = nodes() as [NodeCalls];
    const send = (body: Uint8Array, blobId = blob.blobId) =>
      node.send('POST', `/v1/blobs/${blobId}/inconsistencyProof/primary`, body);
    await expectFailure(await send(await proofFor(1)), ...INVALID, 'INVALID_PROOF');
    const short = (await proofFor(1)).slice(0, 3);
    short[2] = 0;
    await expectFailure(await send(short), ...INVALID, 'INVALID_PROOF');
    await expectFailure(await send(new Uint8Array(2)), ...INVALID, 'INVALID_CONTENT_TYPE');
    const unknown = (await encodedBlob(100, 9)).blobId;
    await expectFailure(
      await send(await proofFor(1), unknown),
      ...PRECONDITION,
      'METADATA_NOT_FOUND',
    );
  });
});
