import { type Geometry, sliversToDecode } from '../protocol/geometry.ts';
import { sliverHash } from '../protocol/metadata.ts';
import type { SliverData } from '../protocol/sliver.ts';
import { allocate } from './allocate.ts';
import { type DecodeContext, traitsOf } from './decode-context.ts';
import { cutBy, cutEvenly } from './encode-plan.ts';
import { Job } from './job.ts';
import type {
  CheckRowsResult,
  CheckRowsTask,
  DecodeResult,
  DecodeSetup,
  DecodeTask,
  MatrixPiece,
  Range,
  Task,
  TaskResult,
} from './tasks.ts';

/** Bytes that travel to and fro at a time. */
const TASK_BYTES = 1 << 20;
/** Rows of one task: at 1000 shards about 15 ms of hashing where symbols are short. */
const TASK_ROWS = 64;

/** Rows of a share at most: one is held in kernel memory, which ends at 4 GiB. */
const SHARE_BYTES = 1 << 30;

/** Rows that one thread collects from all lanes and checks. */
interface Share {
  readonly rows: Range;
  owner: number | undefined;
  /** what other threads than its owner decoded */
  pieces: MatrixPiece[];
  readonly checks: Range[];
}

/**
 * Decodes a blob lane by lane, then checks it row by row. The result is the blob, or undefined if a
 * row does not hash to what the metadata says.
 */
export class DecodeJob extends Job<Uint8Array | undefined> {
  readonly #context: DecodeContext;
  readonly #used: readonly SliverData[];
  readonly #blob: Uint8Array;
  readonly #lanes: readonly Range[];
  #nextLanes = 0;
  #lanesLeft: number;
  readonly #shares: readonly Share[];
  #checksLeft: number;
  /** Buffers that came back: fresh memory costs several times as much as a copy into old. */
  readonly #spare: ArrayBuffer[] = [];
  readonly #bufferBytes: number;

  /** @throws HauloutError 'out-of-memory' */
  constructor(context: DecodeContext, used: readonly SliverData[]) {
    super(traitsOf(context));
    const { rowBytes, blobBytes, symbolBytes } = context.geometry;
    this.#context = context;
    this.#used = used;
    this.#blob = allocate(blobBytes);
    const laneStep = laneStepOf(context);
    const rowStep = Math.max(1, Math.min(TASK_ROWS, Math.floor(TASK_BYTES / rowBytes)));
    this.#lanes = cutBy({ begin: 0, end: laneCount(context) }, laneStep);
    this.#lanesLeft = this.#lanes.length;
    this.#shares = cutShares(context.geometry, this.traits.threadCount).map((rows) => {
      return { rows, owner: undefined, pieces: [], checks: cutBy(rows, rowStep) };
    });
    this.#checksLeft = this.#shares.reduce((sum, share) => sum + share.checks.length, 0);
    this.#bufferBytes = Math.max(laneStep * used.length * symbolBytes, rowStep * rowBytes);
  }

  get wantsHelp(): boolean {
    return this.#nextLanes < this.#lanes.length || this.#shares.some(isFree);
  }

  setup(): DecodeSetup {
    const { geometry, options } = this.#context;
    const sliverIndices = Uint16Array.from(this.#used, (sliver) => sliver.sliverIndex);
    const shares = this.#shares.map(({ rows }) => rows);
    return { kind: 'decode', geometry, axis: options.axis, sliverIndices, shares };
  }

  protected next(thread: number): Task | 'later' | undefined {
    const own = this.#shareOf(thread);
    const lanes = this.#lanes[this.#nextLanes];
    if (lanes !== undefined) {
      this.#nextLanes++;
      return this.#decodeTask(lanes, own);
    }
    if (this.#lanesLeft > 0) return 'later';
    return own < 0 ? undefined : this.#checkTask(own);
  }

  /** The share that a thread works on; -1 if others have them all. */
  #shareOf(thread: number): number {
    const held = this.#shares.findIndex(
      ({ owner, checks }) => owner === thread && checks.length > 0,
    );
    if (held >= 0) return held;
    const free = this.#shares.findIndex(isFree);
    const share = this.#shares[free];
    if (share !== undefined) share.owner = thread;
    return free;
  }

  #decodeTask(lanes: Range, own: number): DecodeTask {
    const { symbolBytes } = this.#context.geometry;
    const buffer = this.#buffer();
    const into = new Uint8Array(buffer);
    const [from, to] = [lanes.begin * symbolBytes, lanes.end * symbolBytes];
    this.#used.forEach(({ data }, i) => {
      into.set(data.subarray(from, to), i * (to - from));
    });
    return { kind: 'decode', ...lanes, buffer, own: own < 0 ? undefined : own, moves: [buffer] };
  }

  #checkTask(index: number): CheckRowsTask | undefined {
    const { metadata } = this.#context;
    const share = this.#shares[index];
    const rows = share?.checks.shift();
    if (share === undefined || rows === undefined) return undefined;
    const { pieces } = share;
    share.pieces = [];
    const hashes: (Uint8Array | undefined)[] = [];
    for (let row = rows.begin; row < rows.end; row++) {
      // A copy: a view would carry all hashes to the other thread.
      hashes.push(sliverHash(metadata, 'primary', row)?.slice());
    }
    const buffer = this.#buffer();
    const moves = [buffer, ...pieces.map((piece) => piece.bytes)];
    return { kind: 'check-rows', ...rows, share: index, pieces, hashes, buffer, moves };
  }

  #buffer(): ArrayBuffer {
    return this.#spare.pop() ?? allocate(this.#bufferBytes).buffer;
  }

  protected accept(_task: Task, result: TaskResult): void {
    if (result.kind === 'decode') this.#acceptPieces(result);
    else if (result.kind === 'check-rows') this.#acceptRows(result);
  }

  #acceptPieces({ buffer, pieces }: DecodeResult): void {
    this.#lanesLeft--;
    this.#spare.push(buffer);
    pieces.forEach((piece, i) => {
      if (piece !== undefined) this.#shares[i]?.pieces.push(piece);
    });
  }

  #acceptRows({ begin, end, buffer, right }: CheckRowsResult): void {
    if (!right) {
      this.succeed(undefined);
      return;
    }
    const { rowBytes, blobBytes } = this.#context.geometry;
    const from = Math.min(blobBytes, begin * rowBytes);
    const to = Math.min(blobBytes, end * rowBytes);
    this.#blob.set(new Uint8Array(buffer, 0, to - from), from);
    this.#spare.push(buffer);
    if (--this.#checksLeft === 0) this.succeed(this.#blob);
  }
}

/**
 * The rows of a blob in as many shares as there are threads, or more where these would be too large for
 * a thread: it then takes one after the other.
 */
export function cutShares({ rowCount, rowBytes }: Geometry, threadCount: number): Range[] {
  const most = Math.max(1, Math.floor(SHARE_BYTES / rowBytes));
  return cutEvenly({ begin: 0, end: rowCount }, threadCount).flatMap((rows) =>
    cutEvenly(rows, Math.ceil((rows.end - rows.begin) / most)),
  );
}

function isFree({ owner }: Share): boolean {
  return owner === undefined;
}

/** Lanes are columns if rows are given, rows if columns are. */
function laneCount({ options, geometry }: DecodeContext): number {
  return options.axis === 'primary' ? geometry.columnCount : geometry.rowCount;
}

function laneStepOf(context: DecodeContext): number {
  const { doors, options, geometry } = context;
  const laneBytes = sliversToDecode(geometry, options.axis) * geometry.symbolBytes;
  const fitting = Math.max(1, Math.floor(TASK_BYTES / laneBytes));
  // Short symbols are decoded side by side, as many as fill 64 bytes.
  const packed = Math.max(1, Math.floor(64 / geometry.symbolBytes));
  const share = Math.ceil(laneCount(context) / (2 * doors.runner.threadCount));
  return Math.ceil(Math.min(fitting, share) / packed) * packed;
}
