import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { encodedSliverBytes, frameSliver, sliverPrefixBytes } from '../../protocol/sliver.ts';
import { OVER } from '../over.ts';
import { type BlobSource, openSource, type SourceAnswer, sourceName } from './blob-source.ts';
import { isOurs } from './is-ours.ts';
import type { OpenBlob, ReadDoors, ReadTally } from './read-types.ts';

/** A source that gives so many wrong rows is left. */
const MOST_LIES = 2;
/** Rows that nobody asked for are read over up to this; beyond it the source is asked anew. */
const SKIP_BYTES = 1 << 20;
/** A source is asked for about so much in one go: an aggregator puts all of it together before it answers. */
const PART_BYTES = 4 << 20;
/** What a row may take at most: this, and its bytes on a line that is slow. */
const ROW_MS = 3_000;
const SLOW_BYTES_PER_MS = 20;

/** Throws if a sliver does not fit the metadata. */
export type VerifyRow = (index: number, sliver: Uint8Array) => Promise<void>;

/** What a source was asked for in one go. */
interface Part {
  readonly answer: Promise<SourceAnswer>;
  readonly end: AbortController;
  /** the row that comes next */
  next: number;
  /** the one behind the last */
  until: number;
}

/** The rows of a blob as one source has them, each verified; while one part is read, the source is asked for the next. */
export class SourceStream {
  readonly name: string;
  readonly #options: SourceReadOptions;
  readonly #source: BlobSource;
  /** the one that is read, and the one behind it */
  #parts: Part[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #lies = 0;
  #isDead = false;

  constructor(options: SourceReadOptions, source: BlobSource) {
    this.#options = options;
    this.#source = source;
    this.name = sourceName(source);
  }

  /** Whether it is of no use any more. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /**
   * Row `index` as BCS SliverData; rows are read one after another.
   *
   * @param signal ends what is open, and the source is not to blame for that
   * @returns undefined if the source has another one, or none, or is ended
   * @throws HauloutError that is not the source's fault
   */
  row(index: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const row = this.#last.then(() => this.#row(index, signal));
    this.#last = row.catch(() => undefined);
    return row;
  }

  /** Ends what is open; the next row opens it again. */
  close(): void {
    for (const part of this.#parts.splice(0)) endPart(part);
  }

  async #row(index: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (this.#isDead || signal.aborted) return undefined;
    const { doors, blob, tally, verify } = this.#options;
    const { clock, health } = doors;
    const { rowBytes } = blob.geometry;
    const close = () => this.close();
    signal.addEventListener('abort', close, { once: true });
    const watch = new AbortController();
    const since = clock.monotonic();
    const tooLong = clock.sleep(ROW_MS + rowBytes / SLOW_BYTES_PER_MS, watch.signal).then(() => {
      throw new HauloutError('host-silent', { host: this.name, seconds: ROW_MS / 1_000 });
    });
    tooLong.catch(() => undefined);
    try {
      const sliver = await Promise.race([this.#read(index, signal), tooLong]);
      tally.receivedBytes += rowBytes;
      await verify(index, sliver);
      health.answered(this.name, clock.monotonic() - since, rowBytes);
      return sliver;
    } catch (error) {
      if (!signal.aborted) this.#failed(index, error);
      return undefined;
    } finally {
      signal.removeEventListener('abort', close);
      watch.abort(OVER);
    }
  }

  async #read(index: number, signal: AbortSignal): Promise<Uint8Array> {
    const { rowBytes } = this.#options.blob.geometry;
    for (let [part] = this.#parts; part && part.until <= index; [part] = this.#parts) {
      endPart(part);
      this.#parts.shift();
    }
    const next = this.#parts[0]?.next ?? index;
    if (index < next || (index - next) * rowBytes > SKIP_BYTES) this.close();
    const wasOpen = this.#parts.length > 0;
    try {
      return await this.#take(index);
    } catch (error) {
      if (!wasOpen || signal.aborted) throw error;
      this.close(); // the connection may have ended while nobody read from it
      return this.#take(index);
    }
  }

  async #take(index: number): Promise<Uint8Array> {
    const { rowBytes, blobBytes, symbolBytes } = this.#options.blob.geometry;
    const part = this.#parts[0] ?? this.#open(index);
    const { bytes, end } = await part.answer;
    part.until = Math.ceil(end / rowBytes);
    const sliver = new Uint8Array(encodedSliverBytes(rowBytes)); // zeros behind the blob's end
    frameSliver(sliver, symbolBytes, index);
    const begin = sliverPrefixBytes(rowBytes);
    const row = sliver.subarray(begin, begin + Math.min(rowBytes, blobBytes - index * rowBytes));
    const isWhole = (await bytes.skip((index - part.next) * rowBytes)) && (await bytes.fill(row));
    if (!isWhole) throw new HauloutError('answer-unusable', { host: this.name, reason: 'cut' });
    part.next = index + 1;
    const isLast = part.until * rowBytes >= this.#options.end;
    if (this.#parts.length === 1 && !isLast) this.#open(part.until);
    return sliver;
  }

  /** Asks for the part that begins with a row. */
  #open(index: number): Part {
    const { doors, blob, tally, end: last } = this.#options;
    const { rowBytes } = blob.geometry;
    tally.requests++;
    const until = index + Math.ceil(PART_BYTES / rowBytes);
    const range = { begin: index * rowBytes, end: Math.min(last, until * rowBytes) };
    const end = new AbortController();
    const answer = openSource(doors, this.#source, blob, range, end.signal);
    answer.catch(() => undefined); // told to who takes a row of it
    const part = { answer, end, next: index, until };
    this.#parts.push(part);
    return part;
  }

  /** @throws what is not the source's fault */
  #failed(index: number, error: unknown): void {
    const { doors, tally } = this.#options;
    const { health } = doors;
    if (isHauloutError(error, 'sliver-mismatch')) {
      health.lied(this.name);
      tally.failRow(index, this.name);
      this.#lies++;
      this.#isDead = this.#lies >= MOST_LIES;
    } else {
      // Files are read by the browser, which has errors of its own.
      const ours = isHauloutError(error) ? isOurs(error) : !('file' in this.#source);
      if (ours) throw error;
      health.failed(this.name);
      this.#isDead = true;
    }
    tally.fail(this.name, isHauloutError(error) ? error.code : 'file-unreadable');
    if (this.#isDead) this.close();
  }
}

function endPart({ answer, end }: Part): void {
  end.abort();
  void answer.then(
    ({ bytes }) => bytes.cancel(),
    () => undefined,
  );
}

/** What reading from sources needs. */
export interface SourceReadOptions {
  readonly doors: ReadDoors;
  readonly blob: OpenBlob;
  readonly tally: ReadTally;
  readonly verify: VerifyRow;
  /** of the bytes that are read, exclusive */
  readonly end: number;
}
