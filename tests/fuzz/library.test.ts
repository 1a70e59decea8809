import { concatBytes } from '@noble/hashes/utils.js';
import { afterAll, expect, it } from 'vitest';
import { type Axis, createEncoder, isHauloutError } from '../../src/index.ts';
import { formatBlobId } from '../../src/protocol/blob-id.ts';
import { merkleProof } from '../../src/protocol/merkle.ts';
import { encodeRecoverySymbol } from '../../src/protocol/recovery-symbol.ts';
import { referenceEncode } from '../support/reference.ts';
import { SEED, SOAK } from '../support/seed.ts';
import { generateInput } from '../support/vectors.ts';
import { equalBytes } from './fuzz.ts';
import { mutate } from './mutate.ts';
import { Xorshift } from './random.ts';

/** What a reader takes from strangers, damaged: the truth or a typed error comes out. */

const n = 7;
const HANG_MS = 10_000; // a call may wait for the processor, but not for ever
const blob = generateInput({ kind: 'xorshift32', seed: 31, length: 700 });
const encoded = referenceEncode(n, blob);
const { metadata, rows, columns } = encoded;
const claim = { shardCount: n, blobId: formatBlobId(encoded.blobId), metadata };
const encoder = createEncoder();
afterAll(() => encoder.close());

const random = new Xorshift(SEED);
const runs = SOAK ? 20_000 : 500;
const axes = ['primary', 'secondary'] as const;
const sliversOf = (axis: Axis) =>
  axis === 'primary' ? encoded.primarySlivers : encoded.secondarySlivers;
const pick = <T>(items: readonly T[]): T => items[random.below(items.length)] as T;
const damaged = (bytes: Uint8Array) => mutate(bytes, pick(encoded.secondarySlivers), random);
const sometimes = (bytes: Uint8Array) => (random.below(4) === 0 ? damaged(bytes) : bytes);

/** The value of `work`, or the code of its typed error; anything else fails the test. */
async function outcome<T>(work: Promise<T>): Promise<{ value: T } | { code: string }> {
  const begin = performance.now();
  try {
    return { value: await work };
  } catch (error) {
    if (!isHauloutError(error)) throw error;
    expect(['argument-invalid', 'engine-crashed', 'out-of-memory']).not.toContain(error.code);
    return { code: error.code };
  } finally {
    expect(performance.now() - begin).toBeLessThan(HANG_MS);
  }
}

/** Runs `once` many times; both outcomes must occur, or the test would show nothing. */
async function repeat(once: () => Promise<boolean>): Promise<void> {
  let accepted = 0;
  for (let run = 0; run < runs; run++) if (await once()) accepted++;
  expect(accepted).toBeGreaterThan(0);
  expect(accepted).toBeLessThan(runs);
}

const options = { timeout: 3_600_000 };

it(`decoding gives the blob or a typed error, ${runs} times, seed ${SEED}`, options, () =>
  repeat(async () => {
    const axis = pick(axes);
    const slivers = sliversOf(axis).map(sometimes);
    const given = random.below(10) === 0 ? { ...claim, metadata: damaged(metadata) } : claim;
    const result = await outcome(encoder.decodeBlob({ ...given, axis, slivers }));
    if ('value' in result) expect(equalBytes(result.value, blob)).toBe(true);
    return 'value' in result;
  }),
);

it(`verifying accepts the true sliver only, ${runs} times, seed ${SEED}`, options, () =>
  repeat(async () => {
    const axis = pick(axes);
    const sliverPairIndex = random.below(n);
    const truth = sliversOf(axis)[sliverPairIndex] ?? metadata;
    const sliver = random.below(3) === 0 ? truth : damaged(truth);
    const result = await outcome(encoder.verifySliver({ ...claim, axis, sliverPairIndex, sliver }));
    expect('value' in result).toBe(equalBytes(sliver, truth));
    return 'value' in result;
  }),
);

it(`recovery gives the sliver or a typed error, ${runs} times, seed ${SEED}`, options, () =>
  repeat(async () => {
    const axis = pick(axes);
    const target = random.below(n);
    const symbols = Array.from({ length: n }, (_, source) => {
      const column = encoded.leaves.map((leaves) => leaves[source] ?? metadata);
      const leaves = axis === 'primary' ? column : (encoded.leaves[source] ?? []);
      const [row, at] = axis === 'primary' ? [target, source] : [source, target];
      const data = encoded.matrix[row]?.[at] ?? metadata;
      const proof = merkleProof(concatBytes(...leaves), target);
      return sometimes(encodeRecoverySymbol({ index: source, data, proof }));
    });
    const job = { ...claim, axis, sliverIndex: target, symbols };
    const result = await outcome(encoder.recoverSliver(job));
    const truth = sliversOf(axis)[axis === 'primary' ? target : n - 1 - target] ?? metadata;
    if ('value' in result) expect(equalBytes(result.value, truth)).toBe(true);
    else expect(result.code).toBe('not-enough-symbols');
    return 'value' in result;
  }),
);

it('needs as many slivers as the code says, no matter how damaged the others are', async () => {
  for (const [axis, need] of [
    ['primary', rows],
    ['secondary', columns],
  ] as const) {
    const all = sliversOf(axis);
    const slivers = all.map((sliver, i) => (i < need ? sliver : sliver.subarray(0, i)));
    expect(await encoder.decodeBlob({ ...claim, axis, slivers })).toEqual(blob);
    const fewer = encoder.decodeBlob({ ...claim, axis, slivers: slivers.slice(1) });
    await expect(fewer).rejects.toMatchObject({ detail: { have: need - 1, need } });
  }
});
