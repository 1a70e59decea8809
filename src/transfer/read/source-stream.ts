import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { encodeSliver } from '../../protocol/sliver.ts';
import { type BlobSource, type ByteQueue, openSource, sourceName } from './blob-source.ts';
import type { OpenBlob, ReadDoors, ReadTally } from './read-types.ts';

/** A source that gives so many wrong rows is left. */
const MOST_LIES = 2;
/** Rows that nobody asked for are read over up to this; beyond it the source is asked anew. */
const SKIP_BYTES = 1 << 20;
/** What a row may take at most: this, and its bytes on a line that is slow. */
const ROW_MS = 3_000;
const SLOW_BYTES_PER_MS = 20;

/** Throws if a sliver does not fit the metadata. */
export type VerifyRow = (index: number, sliver: Uint8Array) => Promise<void>;

/** The rows of a blob as one source has them, read in one go and each verified. */
export class SourceStream {
  readonly name: string;
  readonly #doors: ReadDoors;
  readonly #blob: OpenBlob;
  readonly #source: BlobSource;
  readonly #tally: ReadTally;
  readonly #verify: VerifyRow;
  readonly #signal: AbortSignal;
  readonly #end: number;
  #bytes: ByteQueue | undefined;
  #next = 0;
  #lies = 0;
  #isDead = false;

  constructor(
    { doors, blob, tally, verify, end }: SourceReadOptions,
    source: BlobSource,
    signal: AbortSignal,
  ) {
    this.#doors = doors;
    this.#blob = blob;
    this.#end = end;
    this.#tally = tally;
    this.#verify = verify;
    this.#source = source;
    this.#signal = signal;
    this.name = sourceName(source);
  }

  /** Whether it is of no use any more. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /**
   * Row `index`, not less than any before, as BCS SliverData.
   *
   * @returns undefined if the source has another one, or none
   * @throws HauloutError 'aborted', and those that are not the source's fault
   */
  async row(index: number): Promise<Uint8Array | undefined> {
    const { clock, health } = this.#doors;
    const { rowBytes } = this.#blob.geometry;
    const watch = new AbortController();
    const since = clock.monotonic();
    const tooLong = clock.sleep(ROW_MS + rowBytes / SLOW_BYTES_PER_MS, watch.signal).then(() => {
      throw new HauloutError('host-silent', { host: this.name, seconds: ROW_MS / 1_000 });
    });
    tooLong.catch(() => undefined);
    try {
      const sliver = await Promise.race([this.#read(index), tooLong]);
      this.#tally.receivedBytes += rowBytes;
      await this.#verify(index, sliver);
      health.answered(this.name, clock.monotonic() - since, rowBytes);
      return sliver;
    } catch (error) {
      this.#failed(index, error);
      return undefined;
    } finally {
      watch.abort();
    }
  }

  /** Ends what is open; the next row opens it again. */
  rest(): void {
    this.#bytes?.cancel();
    this.#bytes = undefined;
  }

  async #read(index: number): Promise<Uint8Array> {
    const { rowBytes, blobBytes, symbolBytes } = this.#blob.geometry;
    if ((index - this.#next) * rowBytes > SKIP_BYTES) this.rest();
    if (this.#bytes === undefined) {
      this.#tally.requests++;
      this.#next = index;
      const range = { begin: index * rowBytes, end: this.#end };
      this.#bytes = await openSource(this.#doors, this.#source, this.#blob, range, this.#signal);
    }
    const bytes = this.#bytes;
    const data = new Uint8Array(rowBytes); // zeros behind the blob's end
    const row = data.subarray(0, Math.min(rowBytes, blobBytes - index * rowBytes));
    const isWhole = (await bytes.skip((index - this.#next) * rowBytes)) && (await bytes.fill(row));
    if (!isWhole) throw new HauloutError('answer-unusable', { host: this.name, reason: 'cut' });
    this.#next = index + 1;
    return encodeSliver({ data, symbolBytes, sliverIndex: index });
  }

  /** @throws what is not the source's fault */
  #failed(index: number, error: unknown): void {
    if (this.#signal.aborted) throw new HauloutError('aborted', {}, { cause: this.#signal.reason });
    const { health } = this.#doors;
    if (isHauloutError(error, 'sliver-mismatch')) {
      health.lied(this.name);
      this.#tally.failRow(index, this.name);
      this.#lies++;
      this.#isDead = this.#lies >= MOST_LIES;
    } else {
      // Files are read by the browser, which has errors of its own.
      const ours = isHauloutError(error) ? OURS.includes(error.code) : !('file' in this.#source);
      if (ours) throw error;
      health.failed(this.name);
      this.#isDead = true;
    }
    this.#tally.fail(this.name, isHauloutError(error) ? error.code : 'file-unreadable');
    if (this.#isDead) this.rest();
  }
}

const OURS = ['engine-crashed', 'engine-blocked', 'out-of-memory', 'argument-invalid'];

/** What reading from sources needs. */
export interface SourceReadOptions {
  readonly doors: ReadDoors;
  readonly blob: OpenBlob;
  readonly tally: ReadTally;
  readonly verify: VerifyRow;
  /** of the bytes that are read, exclusive */
  readonly end: number;
}
