import { formatBlobId, parseBlobId } from '../../protocol/blob-id.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { type AuditReport, auditBlob } from '../../transfer/read/audit.ts';
import {
  type Consistency,
  readBytes,
  readStrictly,
  readWhole,
} from '../../transfer/read/blob-read.ts';
import { type BlobSource, checkSources } from '../../transfer/read/blob-source.ts';
import { type AgreedStatus, agreedStatus } from '../../transfer/read/blob-status.ts';
import { heldBlob } from '../../transfer/read/held-blob.ts';
import { lookAtNodes, type NodesSight } from '../../transfer/read/look-at-nodes.ts';
import { openBlob } from '../../transfer/read/open-blob.ts';
import {
  type OpenBlob,
  type ReadDoors,
  type ReadReport,
  ReadTally,
  type RowNews,
} from '../../transfer/read/read-types.ts';
import type { RowReaderOptions } from '../../transfer/read/row-reader.ts';
import { joined } from './joined.ts';

export interface ReadCallOptions {
  /**
   * Who may have the blob as a whole: aggregators, caches, any address, a file. They are asked before nodes; what they
   * give is verified row by row like everything else, and a wrong or missing row is taken from the nodes.
   */
  readonly sources?: readonly BlobSource[];
  /**
   * Rows that are fetched before they are wanted, 0 or more; as many as fit a few MiB if absent. Who says so may leave
   * after any row: where rows are missing, no more is fetched to rebuild them than these rows are worth.
   */
  readonly readAhead?: number;
  /** told of each row when it is handed out, in their order */
  onRow?(news: RowNews): void;
  /** ends the read, also while its stream is taken; what waits for it fails with 'aborted' */
  readonly signal?: AbortSignal;
}

export interface ReadBlobOptions extends ReadCallOptions {
  /**
   * What is checked beside every row. 'default': behind the end there are only zeros, so all who read it this way get
   * the same bytes or an error. 'strict': the blob is encoded again and gives its ID; nothing is given before, and the
   * blob is held in memory, or by the browser on its disk.
   */
  readonly consistency?: Consistency;
  /** told after each piece that is given; bytes of the blob */
  onProgress?(progress: ReadProgress): void;
}

export interface AuditOptions extends Pick<ReadCallOptions, 'signal'> {
  /** shards that are asked, drawn at random; 20 if absent */
  readonly samples?: number;
}

export interface ReadProgress {
  readonly readBytes: number;
  readonly totalBytes: number;
}

/** A blob that is being read. Its bytes can be taken once: as a stream, as an array, or as a `Blob`. */
export interface BlobRead {
  readonly blobId: string;
  readonly unencodedBytes: number;
  /** the bytes in order, in pieces of at most a row; fetched as they are taken, some ahead */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** @throws HauloutError as `readBlob`; 'argument-invalid' if the bytes were taken before */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** As `bytes`. */
  blob(): Promise<Blob>;
  /** what was done until now */
  readonly report: ReadReport;
}

/** A blob whose metadata is verified. Each part of it can be taken as often as it is needed, until it is closed. */
export interface OpenedBlob {
  readonly blobId: string;
  readonly unencodedBytes: number;
  whole(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Bytes `begin..end`. */
  part(begin: number, end: number): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The first bytes: so many, or all. */
  first(bytes: number): Promise<Uint8Array>;
  /** Ends what is still read. A stream that ended has done so. */
  close(): void;
}

const SAMPLES = 20;

/** Reads blobs from storage nodes. Nothing is given that was not verified against the blob ID. */
export class BlobReads {
  readonly #makeDoors: () => ReadDoors;

  /** @param doors asked for with the first read */
  constructor(doors: () => ReadDoors) {
    this.#makeDoors = doors;
  }

  get #doors(): ReadDoors {
    return this.#makeDoors();
  }

  async readBlob(id: string, options: ReadBlobOptions = {}): Promise<BlobRead> {
    const { consistency = 'default', onProgress } = options;
    if (consistency !== 'default' && consistency !== 'strict') {
      throw new HauloutError('argument-invalid', { name: 'consistency', reason: 'unknown' });
    }
    const { blob, end, rows } = await this.#open(id, options);
    const { blobBytes } = blob.geometry;
    const source =
      consistency === 'strict'
        ? strictPieces(this.#doors, blob, rows)
        : readWhole(this.#doors, blob, rows);
    let begun = false;
    const pieces = piecesOf(source, end, {
      begun: () => {
        begun = true;
      },
      read: (readBytes) => onProgress?.({ readBytes, totalBytes: blobBytes }),
    });
    const stream = streamOf(pieces, end);
    const taken = async <T>(take: () => Promise<T>): Promise<T> => {
      if (begun || stream.locked) {
        const reason = 'the bytes were taken before';
        throw new HauloutError('argument-invalid', { name: 'read', reason });
      }
      stream.getReader(); // nobody else can take them now
      return take();
    };
    return {
      blobId: blob.blobId,
      unencodedBytes: blobBytes,
      stream,
      bytes: () => taken(() => joined(pieces, blobBytes)),
      blob: () => taken(() => heldBlob(pieces)),
      get report() {
        return rows.tally.snapshot;
      },
    };
  }

  async readRange(
    id: string,
    begin: number,
    end: number,
    options: ReadCallOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { blob, end: over, rows } = await this.#open(id, options);
    try {
      return await joined(readBytes(this.#doors, blob, { begin, end }, rows), end - begin);
    } finally {
      over.abort();
    }
  }

  async open(id: string, options: ReadCallOptions): Promise<OpenedBlob> {
    const { blob, end, rows } = await this.#open(id, options);
    const { blobBytes } = blob.geometry;
    const part = (begin: number, until: number, options: RowReaderOptions = rows) =>
      readBytes(this.#doors, blob, { begin, end: until }, options);
    return {
      blobId: blob.blobId,
      unencodedBytes: blobBytes,
      whole: () => streamOf(piecesOf(readWhole(this.#doors, blob, rows), end), end),
      part: (begin, until) => streamOf(piecesOf(part(begin, until), end), end),
      first(bytes) {
        const unseen = { ...rows, onRow: undefined }; // they are looked at and not handed out
        const length = Math.min(bytes, blobBytes);
        return joined(part(0, length, unseen), length);
      },
      close: () => end.abort(),
    };
  }

  status(id: string, signal = new AbortController().signal): Promise<AgreedStatus> {
    return agreedStatus(this.#doors, checkedId(id), signal);
  }

  nodes(signal = new AbortController().signal): Promise<NodesSight> {
    return lookAtNodes(this.#doors, signal);
  }

  async audit(id: string, { samples = SAMPLES, ...options }: AuditOptions): Promise<AuditReport> {
    if (!Number.isInteger(samples) || samples < 1) {
      throw new HauloutError('argument-invalid', { name: 'samples', reason: 'not a count' });
    }
    const { blob, rows } = await this.#open(id, options);
    return auditBlob(this.#doors, blob, samples, rows.tally, rows.signal);
  }

  async #open(id: string, { signal: outer, sources = [], readAhead, onRow }: ReadCallOptions) {
    const blobId = checkedId(id);
    if (readAhead !== undefined && !(Number.isInteger(readAhead) && readAhead >= 0)) {
      throw new HauloutError('argument-invalid', { name: 'readAhead', reason: 'not a count' });
    }
    checkSources(sources);
    const end = new AbortController();
    const signal = outer ? AbortSignal.any([outer, end.signal]) : end.signal;
    if (signal.aborted) throw new HauloutError('aborted', {}, { cause: signal.reason });
    const tally = new ReadTally();
    const blob = await openBlob(this.#doors, blobId, tally, signal);
    return { blob, end, rows: { sources, readAhead, onRow, tally, signal } };
  }
}

/** The bytes of a blob that is encoded again before any of them is given. */
async function* strictPieces(
  doors: ReadDoors,
  blob: OpenBlob,
  rows: RowReaderOptions,
): AsyncGenerator<Uint8Array, void> {
  const whole = await readStrictly(doors, blob, rows);
  const { rowBytes } = blob.geometry;
  for (let at = 0; at < whole.size; at += rowBytes) {
    yield new Uint8Array(await whole.slice(at, at + rowBytes).arrayBuffer());
  }
}

/** The ID in its text form. @throws HauloutError 'blob-id-malformed' */
function checkedId(id: string): string {
  return formatBlobId(parseBlobId(id));
}

/** What a source gives; the read is over with the last of it. */
async function* piecesOf(
  source: AsyncGenerator<Uint8Array, void>,
  end: AbortController,
  told: { begun?(): void; read?(bytes: number): void } = {},
): AsyncGenerator<Uint8Array, void> {
  let readBytes = 0;
  told.begun?.();
  try {
    for await (const piece of source) {
      yield piece;
      readBytes += piece.length;
      told.read?.(readBytes);
    }
  } finally {
    end.abort(); // what was asked for in case it would be needed
  }
}

/** A stream of copies, which whoever takes them may change or move away; who cancels it ends the read. */
function streamOf(
  pieces: AsyncGenerator<Uint8Array, void>,
  end: AbortController,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value.slice());
      },
      cancel: () => end.abort(),
    },
    { highWaterMark: 0 },
  );
}
