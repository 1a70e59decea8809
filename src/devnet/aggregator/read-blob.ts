import type { Axis } from '../../protocol/axis.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { sliversForRange, sliversToDecode } from '../../protocol/geometry.ts';
import { encodeSliver, type SliverData } from '../../protocol/sliver.ts';
import type { Codec } from '../codec.ts';
import { inLanes } from '../lanes.ts';
import { AggregatorError } from './errors.ts';
import type { NodeReads, OpenBlob } from './node-reads.ts';

const LANES = 32;
const ROWS_AHEAD = 4;

export type Consistency = 'default' | 'strict';

/** Puts blobs together, from as few slivers as it takes. */
export class BlobReader {
  readonly #reads: NodeReads;
  readonly #codec: Codec;

  constructor(reads: NodeReads, codec: Codec) {
    this.#reads = reads;
    this.#codec = codec;
  }

  open(blobId: string): Promise<OpenBlob> {
    return this.#reads.open(blobId);
  }

  /** The whole blob. @throws AggregatorError */
  async whole(blob: OpenBlob, consistency: Consistency = 'default'): Promise<Uint8Array> {
    const { blobId, geometry, bytes: metadata } = blob;
    const { shardCount } = geometry;
    const axis = 'primary';
    const all = Array.from({ length: shardCount }, (_, index) => index);
    const slivers = await this.#collect(blob, axis, all, sliversToDecode(geometry, axis));
    try {
      const encoded = slivers.map(encodeSliver);
      const options = {
        shardCount,
        blobId,
        metadata,
        axis,
        slivers: encoded,
        consistency,
      } as const;
      return await this.#codec.decode(options);
    } catch (error) {
      if (isHauloutError(error, 'not-enough-slivers'))
        throw new AggregatorError('BLOB_UNAVAILABLE');
      const detail = isHauloutError(error, 'blob-inconsistent')
        ? 'the blob is inconsistent'
        : undefined;
      throw new AggregatorError('INTERNAL_ERROR', detail);
    }
  }

  /** Bytes `begin..end`, from the rows that hold them. */
  async range(blob: OpenBlob, begin: number, end: number): Promise<Uint8Array> {
    const spans = sliversForRange(blob.geometry, begin, end);
    const rows = await this.#each(
      blob,
      'primary',
      spans.map(({ sliverIndex }) => sliverIndex),
    );
    if (rows.some((row) => row === undefined)) {
      return (await this.whole(blob)).subarray(begin, end);
    }
    const part = new Uint8Array(end - begin);
    let at = 0;
    spans.forEach((span, i) => {
      const piece = (rows[i] as SliverData).data.subarray(span.begin, span.end);
      part.set(piece, at);
      at += piece.length;
    });
    return part;
  }

  /**
   * The blob from begin to end, row by row: a few rows are fetched ahead, and each is verified before it is given. Where
   * a row cannot be had, the rest of the blob is decoded as a whole.
   *
   * @throws AggregatorError
   */
  async *pieces(blob: OpenBlob): AsyncGenerator<Uint8Array, void> {
    const { blobBytes, rowBytes } = blob.geometry;
    if (blobBytes === 0) return;
    const spans = sliversForRange(blob.geometry, 0, blobBytes);
    const coming: Promise<SliverData | undefined>[] = [];
    for (const [at, { sliverIndex, end }] of spans.entries()) {
      for (
        let next = at + coming.length;
        coming.length < ROWS_AHEAD && next < spans.length;
        next++
      ) {
        coming.push(this.#reads.sliver(blob, 'primary', spans[next]?.sliverIndex ?? 0));
      }
      const row = await coming.shift();
      if (row === undefined) {
        yield (await this.whole(blob)).subarray(sliverIndex * rowBytes);
        return;
      }
      yield row.data.subarray(0, end);
    }
  }

  /** The data of columns `begin..end`, one after another: how a quilt keeps its patches. */
  async columns(blob: OpenBlob, begin: number, end: number): Promise<Uint8Array> {
    const { columnBytes, columnCount, rowCount, symbolBytes: s } = blob.geometry;
    const bytes = new Uint8Array((end - begin) * columnBytes);
    const indices = Array.from({ length: end - begin }, (_, i) => begin + i);
    const found = await this.#each(blob, 'secondary', indices);
    if (found.every((sliver) => sliver !== undefined)) {
      found.forEach((sliver, i) => {
        bytes.set(sliver.data, i * columnBytes);
      });
      return bytes;
    }
    const whole = await this.whole(blob);
    for (let row = 0; row < rowCount; row++) {
      for (const [i, column] of indices.entries()) {
        const from = (row * columnCount + column) * s;
        bytes.set(whole.subarray(from, from + s), i * columnBytes + row * s);
      }
    }
    return bytes;
  }

  #each(blob: OpenBlob, axis: Axis, indices: readonly number[]) {
    return inLanes(indices, LANES, (index) => this.#reads.sliver(blob, axis, index));
  }

  /** Slivers in the order of `indices` until `need` are there. @throws AggregatorError */
  async #collect(blob: OpenBlob, axis: Axis, indices: readonly number[], need: number) {
    const found: SliverData[] = [];
    const queue = indices.values();
    let running = 0;
    const lane = async () => {
      while (found.length + running < need) {
        const { done, value } = queue.next();
        if (done) return;
        running += 1;
        const sliver = await this.#reads.sliver(blob, axis, value);
        running -= 1;
        if (sliver !== undefined) found.push(sliver);
      }
    };
    // A lane ends when enough are on their way; the one whose sliver fails goes on with the next.
    await Promise.all(Array.from({ length: LANES }, lane));
    if (found.length < need) throw new AggregatorError('BLOB_UNAVAILABLE');
    return found;
  }
}
