import { encodeSliver } from '../../protocol/sliver.ts';
import { gather } from './gather.ts';
import { addressOf, holdersOf } from './holders.ts';
import { PAUSES_MS } from './pauses.ts';
import type { OpenBlob, ReadDoors } from './read-types.ts';
import type { SliverReads } from './sliver-reads.ts';
import { checkZeroRows, zeroRows, zeroSliver } from './zero-rows.ts';

/** What a sliver counts that somebody has who never answered: a third of the nodes may not. */
const ODDS = 2 / 3;

/** A sliver that may be fetched. */
interface Candidate {
  readonly index: number;
  /** who should have it now; empty if nobody */
  readonly nodeId: string;
  readonly isProven: boolean;
}

export interface RowDecoderOptions {
  readonly slivers: SliverReads;
  /** blobs up to this size keep the slivers that are read, in case that they have to be decoded */
  readonly decodeBytes: number;
  readonly signal: AbortSignal;
}

/** Rows from decoding a blob as a whole, which happens once, and takes the blob into memory. */
export class RowDecoder {
  readonly #doors: ReadDoors;
  readonly #blob: OpenBlob;
  readonly #slivers: SliverReads;
  readonly #signal: AbortSignal;
  readonly #isSmall: boolean;
  /** verified primary slivers by index, until the blob is decoded */
  readonly #held = new Map<number, Uint8Array>();
  #decoding: Promise<Uint8Array> | undefined;
  #isDecoded = false;

  constructor(
    doors: ReadDoors,
    blob: OpenBlob,
    { slivers, decodeBytes, signal }: RowDecoderOptions,
  ) {
    this.#doors = doors;
    this.#blob = blob;
    this.#slivers = slivers;
    this.#signal = signal;
    this.#isSmall = blob.geometry.blobBytes <= decodeBytes;
  }

  /** Whether the blob is decoded, or about to be. */
  get isBegun(): boolean {
    return this.#decoding !== undefined;
  }

  /** Whether rows are to be had at once. */
  get isDecoded(): boolean {
    return this.#isDecoded;
  }

  /** A sliver that was read, and that nobody will change: it need not be fetched to decode. */
  hold(index: number, sliver: Uint8Array): void {
    if (this.#isDecoded || !(this.#isSmall || this.isBegun)) return;
    this.#held.set(index, sliver);
  }

  /**
   * A row of the decoded blob.
   *
   * @throws HauloutError 'not-enough-slivers', 'blob-inconsistent', 'aborted', 'chain-unavailable'
   */
  async row(index: number): Promise<Uint8Array> {
    this.#decoding ??= this.#decode();
    const blob = await this.#decoding;
    const { rowBytes, symbolBytes } = this.#blob.geometry;
    const data = new Uint8Array(rowBytes);
    data.set(blob.subarray(index * rowBytes, (index + 1) * rowBytes));
    this.#slivers.keep(index, encodeSliver({ data, symbolBytes, sliverIndex: index }));
    return data;
  }

  /** The whole blob from any primary slivers that are enough. */
  async #decode(): Promise<Uint8Array> {
    const { geometry, blobId, shardCount, metadata } = this.#blob;
    const { rowCount } = geometry;
    const held = this.#held;
    await checkZeroRows(this.#blob, (index, sliver) => this.#slivers.verify(index, sliver));
    const { begin, end } = zeroRows(geometry);
    for (let index = begin; index < end; index++) held.set(index, zeroSliver(geometry, index));
    for (const pauseMs of PAUSES_MS) {
      if (pauseMs > 0) await this.#doors.clock.sleep(pauseMs, this.#signal);
      await this.#collect(rowCount);
      if (held.size >= rowCount) break;
    }
    if (held.size < rowCount) throw this.#slivers.shortOf(held.size, rowCount);
    const blob = await this.#doors.verifier.decodeBlob({
      ...{ blobId, shardCount, metadata, axis: 'primary', signal: this.#signal },
      slivers: [...held.values()],
    });
    this.#isDecoded = true;
    held.clear();
    return blob;
  }

  /** Fetches slivers until as many are held as decoding takes, or nobody has more. */
  async #collect(need: number): Promise<void> {
    const held = this.#held;
    const candidates = await this.#candidates();
    await gather(
      {
        need: need - held.size,
        candidates,
        promises: ({ isProven }) => (isProven ? 1 : ODDS),
        ask: async ({ index }, signal, late) => {
          if (held.has(index)) return 1; // it came meanwhile
          const read = this.#slivers.fetch(index, { order: index, insists: true });
          void read.late.then(late);
          signal.addEventListener('abort', read.cancel, { once: true });
          const found = await read.result;
          if (found !== undefined) held.set(index, found.sliver);
          return held.has(index) ? 1 : 0;
        },
      },
      this.#signal,
    );
  }

  /** Slivers that are not held: rows of the blob first, then of nodes that do well, those in doubt last. */
  async #candidates(): Promise<readonly Candidate[]> {
    const { shardCount, geometry } = this.#blob;
    const { health } = this.#doors;
    const committee = await this.#doors.committees();
    const all = Array.from({ length: shardCount }, (_, index) => index);
    const open = all
      .filter((index) => !this.#held.has(index))
      .map((index) => {
        const { shard } = addressOf(this.#blob, 'primary', index);
        const nodeId = holdersOf(committee, shard).at(-1)?.nodeId ?? '';
        return { index, nodeId, isProven: health.isProven(nodeId) };
      });
    const turnOf = ({ index, nodeId }: Candidate) =>
      health.isDoubtful(nodeId) ? 2 : index < geometry.rowCount ? 0 : 1;
    return [...health.ranked(open, ({ nodeId }) => nodeId)].sort((a, b) => turnOf(a) - turnOf(b));
  }
}
