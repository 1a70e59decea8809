import { afterAll, describe, expect, it } from 'vitest';
import { createEncoder, type EncodedBlob } from '../../../src/index.ts';
import { Kernel } from '../../../src/kernel/kernel.ts';
import { loadKernel } from '../../../src/kernel/load.ts';
import { formatBlobId } from '../../../src/protocol/blob-id.ts';
import { blobIdFor } from '../../../src/protocol/merkle.ts';
import { decodeMetadata, encodeMetadata, sliverHash } from '../../../src/protocol/metadata.ts';
import { decodeSliver, encodeSliver } from '../../../src/protocol/sliver.ts';
import { expectCode, rejection } from '../../support/encoder-contract.ts';

const shardCount = 13; // 5 rows, 9 columns
const source = Uint8Array.from({ length: 3000 }, (_, i) => (i * 31) >>> 2);
const encoder = createEncoder();
const kernel = new Kernel(await loadKernel());
const honest = await encoder.encodeBlob(source, { shardCount });
afterAll(() => encoder.close());

/** The metadata that a malicious writer publishes, with one sliver's hash replaced. */
function claimWith(
  encoded: EncodedBlob,
  axis: 'primary' | 'secondary',
  index: number,
  hash: Uint8Array,
) {
  const metadata = decodeMetadata(encoded.metadata);
  sliverHash(metadata, axis, index)?.set(hash);
  const { blobId } = blobIdFor(metadata);
  return { shardCount, blobId: formatBlobId(blobId), metadata: encodeMetadata(metadata) };
}

/** A sliver of other bytes, with the hash that fits it. */
function rogue(axis: 'primary' | 'secondary', sliver: Uint8Array) {
  const { data, symbolBytes, sliverIndex } = decodeSliver(sliver);
  const other = data.map((byte) => byte ^ 0x5a);
  kernel.configure(shardCount, symbolBytes);
  const [dataPtr, rootPtr] = [kernel.alloc(other.length), kernel.alloc(32)];
  kernel.bytes(dataPtr, other.length).set(other);
  kernel.sliverRoot(axis, dataPtr, rootPtr);
  const hash = kernel.bytes(rootPtr, 32).slice();
  return { hash, sliver: encodeSliver({ data: other, symbolBytes, sliverIndex }) };
}

describe('a blob whose writer committed to slivers that are no codeword', () => {
  const { hash, sliver } = rogue('primary', honest.primarySlivers[12] as Uint8Array);
  const claim = { ...claimWith(honest, 'primary', 12, hash), axis: 'primary' } as const;

  it('has slivers that verify one by one', async () => {
    await encoder.verifySliver({ ...claim, sliverPairIndex: 12, sliver });
    const first = honest.primarySlivers[0] as Uint8Array;
    await encoder.verifySliver({ ...claim, sliverPairIndex: 0, sliver: first });
  });

  it('is refused as inconsistent when the wrong sliver is used', async () => {
    const slivers = [...honest.primarySlivers.slice(0, 4), sliver];
    expectCode(await rejection(encoder.decodeBlob({ ...claim, slivers })), 'blob-inconsistent');
  });

  it('is read by default from its rows, and refused under strict consistency', async () => {
    const slivers = honest.primarySlivers.slice(0, 5);
    expect(await encoder.decodeBlob({ ...claim, slivers })).toEqual(source);
    const strict = encoder.decodeBlob({ ...claim, slivers, consistency: 'strict' });
    expectCode(await rejection(strict), 'blob-inconsistent');
  });

  it('is refused when padding was not zero', async () => {
    const last = decodeSliver(honest.primarySlivers[4] as Uint8Array);
    const data = last.data.slice();
    data[data.length - 1] = 1;
    const padded = { ...last, data };
    kernel.configure(shardCount, last.symbolBytes);
    const [dataPtr, rootPtr] = [kernel.alloc(data.length), kernel.alloc(32)];
    kernel.bytes(dataPtr, data.length).set(data);
    kernel.sliverRoot('primary', dataPtr, rootPtr);
    const root = kernel.bytes(rootPtr, 32).slice();
    const slivers = [...honest.primarySlivers.slice(0, 4), encodeSliver(padded)];
    const options = { ...claimWith(honest, 'primary', 4, root), axis: 'primary', slivers } as const;
    expectCode(await rejection(encoder.decodeBlob(options)), 'blob-inconsistent');
  });
});

describe('recovery', () => {
  const columns = honest.secondarySlivers.slice(0, 9);
  const symbolsFor = (target: number) =>
    Promise.all(
      columns.map(async (sliver) => {
        const held = { shardCount, unencodedBytes: source.length, axis: 'secondary' } as const;
        const made = { ...held, sliver, targetIndices: [target] };
        return (await encoder.makeRecoverySymbols(made))[0] as Uint8Array;
      }),
    );
  const { blobId, metadata } = honest;
  const claim = { shardCount, blobId, metadata, axis: 'primary', sliverIndex: 3 } as const;

  it('leaves wrong and malformed symbols out and says what was wrong', async () => {
    const symbols = await symbolsFor(3);
    const wrong = (symbols[0] as Uint8Array).slice();
    wrong[3] = (wrong[3] as number) ^ 1;
    const offered = [wrong, wrong.subarray(1), ...symbols];
    const sliver = await encoder.recoverSliver({ ...claim, symbols: offered });
    expect(sliver).toEqual(honest.primarySlivers[3]);
    const tooFew = encoder.recoverSliver({ ...claim, symbols: [wrong, ...symbols.slice(1)] });
    expect(await rejection(tooFew)).toMatchObject({
      code: 'not-enough-symbols',
      detail: { have: 8, need: 9 },
      cause: { code: 'symbol-mismatch', detail: { sliverIndex: 3 } },
    });
  });

  it('does not take symbols for another target', async () => {
    const symbols = await symbolsFor(4);
    const error = await rejection(encoder.recoverSliver({ ...claim, symbols }));
    expectCode(error, 'not-enough-symbols');
  });

  it('proves a blob inconsistent when good symbols give another sliver', async () => {
    const { hash } = rogue('primary', honest.primarySlivers[3] as Uint8Array);
    const bad = claimWith(honest, 'primary', 3, hash);
    const symbols = await symbolsFor(3);
    const work = encoder.recoverSliver({ ...claim, ...bad, symbols });
    expect(await rejection(work)).toMatchObject({
      code: 'blob-inconsistent',
      detail: { blobId: bad.blobId },
    });
  });
});
