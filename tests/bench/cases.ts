/** What is measured; runs the same in a page and in Node. All at 1000 shards. */
import { createEncoder, type EncodedBlob, type Encoder } from '../../src/index.ts';
import { parseBlobId } from '../../src/protocol/blob-id.ts';
import { hashLimit, nodeHashTime, sliverHashLimit } from './hash-limit.ts';
import { randomBytes } from './input.ts';
import { interleaved, timed } from './measure.ts';
import { type OfficialEncoderClass, officialEncode, sliverBuffers } from './official.ts';

const shardCount = 1000;
const systematicPrimaries = 334;

/** Milliseconds; `official` and `limit` for the same work. */
export interface Measured {
  readonly workers: number;
  readonly ours: number;
  readonly official: number | null;
  readonly limit: number;
}

export interface Size {
  readonly bytes: number;
  /** how often the official encoder runs; ours runs three times as often */
  readonly rounds: number;
  readonly workers: readonly number[];
}

async function encoded(source: Uint8Array): Promise<EncodedBlob> {
  const encoder = createEncoder();
  try {
    return await encoder.encodeBlob(source, { shardCount });
  } finally {
    encoder.close();
  }
}

/** Runs `ours` with each number of workers, and `official`, in turns. */
async function compare(
  { bytes, rounds, workers }: Size,
  ours: (encoder: ReturnType<typeof createEncoder>) => Promise<unknown>,
  official: () => unknown,
  limitOf: (bytes: number, nodeTime: number) => number = hashLimit,
): Promise<Measured[]> {
  const encoders = workers.map((count) => createEncoder({ workers: count }));
  // Both start warm: code compiled, tables made, workers up.
  for (const encoder of encoders) await ours(encoder);
  const least = await interleaved(rounds, [
    { name: 'official', repeats: 1, run: official },
    ...encoders.map((encoder, at) => ({
      name: `ours ${workers[at]}`,
      repeats: 3,
      run: () => ours(encoder),
    })),
  ]);
  for (const encoder of encoders) encoder.close();
  const limit = limitOf(bytes, await nodeHashTime());
  return workers.map((count) => ({
    workers: count,
    ours: least.get(`ours ${count}`) ?? Number.NaN,
    official: least.get('official') ?? Number.NaN,
    limit: limit / count,
  }));
}

/** Blob ID and all slivers, each in memory of its own. */
export async function encode(size: Size, Official: OfficialEncoderClass): Promise<Measured[]> {
  const source = randomBytes(size.bytes);
  const like = await encoded(source);
  return compare(
    size,
    (encoder) => encoder.encodeBlob(source, { shardCount }),
    () => officialEncode(Official, shardCount, source, sliverBuffers(like)),
  );
}

/** The same where blobs of a size follow one another: both write the slivers to where the last ones were. */
export async function encodeAgain(size: Size, Official: OfficialEncoderClass): Promise<Measured[]> {
  const source = randomBytes(size.bytes);
  const into = sliverBuffers(await encoded(source));
  const last = new Map<Encoder, EncodedBlob>();
  return compare(
    size,
    async (encoder) => {
      const reuse = last.get(encoder);
      last.set(encoder, await encoder.encodeBlob(source, { shardCount, reuse }));
    },
    () => officialEncode(Official, shardCount, source, into),
  );
}

/** Blob ID and metadata alone. */
export async function blobId(size: Size, Official: OfficialEncoderClass): Promise<Measured[]> {
  const source = randomBytes(size.bytes);
  const official = new Official(shardCount);
  const result = await compare(
    size,
    (encoder) => encoder.computeBlobId(source, { shardCount }),
    () => official.compute_metadata(source),
  );
  official.free();
  return result;
}

/**
 * The blob from repair slivers alone: no byte of it is given as it is. Ours checks every row against its hash
 * afterwards; the official call does not.
 */
export async function decode(size: Size, Official: OfficialEncoderClass): Promise<Measured[]> {
  const { blobId, metadata, primarySlivers } = await encoded(randomBytes(size.bytes));
  const slivers = primarySlivers.slice(systematicPrimaries, 2 * systematicPrimaries);
  const id = parseBlobId(blobId);
  const into = new Uint8Array(size.bytes);
  const official = new Official(shardCount);
  const result = await compare(
    size,
    (encoder) =>
      encoder.decodeBlob({ shardCount, blobId, metadata, axis: 'primary', slivers: [...slivers] }),
    () => official.decode(id, BigInt(size.bytes), slivers, into),
    (bytes, nodeTime) => systematicPrimaries * sliverHashLimit(bytes, nodeTime),
  );
  official.free();
  return result;
}

/** One primary sliver against its hash; the official package has no such call. */
export async function verify({ bytes, rounds, workers }: Size): Promise<Measured[]> {
  const { blobId, metadata, primarySlivers } = await encoded(randomBytes(bytes));
  const encoder = createEncoder({ workers: workers[0] ?? 1 });
  const batch = primarySlivers.slice(0, 10); // short, so that some batches have the processor to themselves
  const checkAll = async () => {
    for (const [sliverPairIndex, sliver] of batch.entries()) {
      await encoder.verifySliver({
        ...{ shardCount, blobId, metadata, axis: 'primary', sliverPairIndex, sliver },
      });
    }
  };
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20 * rounds; round += 1)
    least = Math.min(least, await timed(checkAll));
  encoder.close();
  const limit = sliverHashLimit(bytes, await nodeHashTime());
  return [{ workers: 1, ours: least / batch.length, official: null, limit }];
}

export const cases = { encode, encodeAgain, blobId, decode, verify };
