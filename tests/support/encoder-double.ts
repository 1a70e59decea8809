import type { IdEncoder } from '../../src/flows/ports.ts';
import type {
  BlobSummary,
  ComputeOptions,
  EncodeProgress,
} from '../../src/protocol/blob-summary.ts';
import { HauloutError } from '../../src/protocol/errors.ts';
import type { Clock } from '../../src/protocol/ports.ts';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #sleepers: { dueMs: number; wake: () => void }[] = [];

  wall = (): number => this.#nowMs;
  monotonic = (): number => this.#nowMs;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { dueMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(new HauloutError('aborted', {}));
      });
    });
  }

  /** Moves time on, waking sleepers in their order and letting each act before the next. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (;;) {
      this.#sleepers.sort((a, b) => a.dueMs - b.dueMs);
      const next = this.#sleepers[0];
      if (next === undefined || next.dueMs > endMs) break;
      this.#sleepers.shift();
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.wake();
      await settle();
    }
    this.#nowMs = endMs;
    await settle();
  }
}

/** Lets promises that wait for nothing but each other settle. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** One call of `computeBlobId` that the test answers. */
export interface Call {
  readonly file: File;
  readonly options: ComputeOptions;
  progress(bytesDone: number): void;
  finish(summary?: Partial<BlobSummary>): void;
  fail(error: unknown): void;
}

/** An encoder that does what the test says. Rejects with 'aborted' when its signal fires, as the real one. */
export class EncoderDouble implements IdEncoder {
  readonly calls: Call[] = [];

  computeBlobId(source: Blob, options: ComputeOptions): Promise<BlobSummary> {
    return new Promise((resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(new HauloutError('aborted', {})));
      this.calls.push({
        file: source as File,
        options,
        progress: (bytesDone) => options.onProgress?.(progressOf(bytesDone, source.size)),
        finish: (summary) => resolve({ ...summaryOf(source.size), ...summary }),
        fail: reject,
      });
    });
  }

  /** The latest call for a file of this name. */
  callFor(name: string): Call {
    const call = this.calls.findLast(({ file }) => file.name === name);
    if (call === undefined) throw new Error(`${name} was not given to the encoder`);
    return call;
  }
}

export function progressOf(bytesDone: number, bytesTotal: number): EncodeProgress {
  const share = bytesTotal > 0 ? bytesDone / bytesTotal : 0;
  const columnsDone = Math.floor(share * 1000);
  return {
    phase: 'columns',
    bytesDone,
    bytesTotal,
    rowsDone: 334,
    rowCount: 334,
    columnsDone,
    columnCount: 1000,
    columnRanges: [[0, columnsDone]],
  };
}

export function summaryOf(bytes: number): BlobSummary {
  return {
    blobId: 'A'.repeat(43),
    rootHash: new Uint8Array(32),
    metadata: new Uint8Array(0),
    shardCount: 1000,
    symbolBytes: 2,
    unencodedBytes: bytes,
    encodedBytes: bytes * 5,
  };
}

/** A file of a given length without holding it: only its length counts here. */
export function fileOf(name: string, bytes = 10, lastModified = 1): File {
  const file = new File([], name, { lastModified });
  Object.defineProperty(file, 'size', { value: bytes });
  return file;
}
