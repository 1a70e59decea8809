import type { BlobSummary, EncodedBlob } from '../protocol/blob-summary.ts';
import { HauloutError } from '../protocol/errors.ts';
import type { Hold } from '../protocol/hold.ts';
import { encodedSliverBytes } from '../protocol/sliver.ts';
import type { SliverTaker } from '../store/sliver-taker.ts';
import type { SpillExtent, SpillPlace } from '../store/spill.ts';
import { nameOf } from './blob-reader.ts';
import type { ColumnPlan, EncodePlan } from './encode-plan.ts';
import { Job } from './job.ts';
import type { ProgressMeter } from './progress-meter.ts';
import { SourcePieces } from './source-pieces.ts';
import type {
  AssembleTask,
  ColumnResult,
  ColumnTask,
  EncodeSetup,
  FinishTask,
  Part,
  Range,
  RowResult,
  SealTask,
  Task,
  TaskResult,
} from './tasks.ts';

export interface EncodeJobOptions {
  readonly plan: EncodePlan;
  readonly source: Blob | Uint8Array;
  /** sources of which something could be read */
  readonly read: WeakSet<Blob | Uint8Array>;
  readonly spill: SpillPlace | undefined;
  /** number of the first spill writer: a second try must not meet the files of the first */
  readonly firstWriter: number;
  readonly priority: number;
  readonly progress: ProgressMeter | undefined;
  readonly hold: Hold | undefined;
  /** memory for results */
  readonly spare: readonly ArrayBuffer[];
  /** takes the slivers that the plan asks for; without it they are kept and part of the outcome */
  readonly taker?: SliverTaker | undefined;
}

/** A summary, with slivers if the plan asks for them. */
export type EncodeOutcome = BlobSummary & Partial<EncodedBlob>;

/** Column tasks left for which it pays to open the job in one more thread. */
const WORTH_JOINING = 3;
/** Bytes that may wait for the taker while more is made. */
const UNTAKEN_BYTES = 32 << 20;

/**
 * Rows, then columns, then what is made of both. Columns that need nothing from the rows are handed
 * out before the others, so that these rarely wait for the last row.
 */
export class EncodeJob extends Job<EncodeOutcome> {
  readonly #o: EncodeJobOptions;
  readonly #plan: EncodePlan;
  #nextWriter: number;
  /** per thread that joins its memory for results; one that comes back gets none */
  readonly #spare: ArrayBuffer[][];
  #threads = 0;
  /** what brings the source to threads that do not see it */
  #pieces: SourcePieces | undefined;
  /** the same for threads that do not hold all of it */
  #shared: Blob | undefined;
  #nextRows = 0;
  #rowsLeft: number;
  #nextColumns = 0;
  #columnsLeft: number;
  /** per range of the assembly the thread that holds it */
  readonly #owners: (number | undefined)[];
  readonly #assembling: boolean[];
  #assemblyLeft: number;
  /** what rows and columns saw of the source: the same, unless it changed in between */
  #rowSum = 0;
  #columnSum = 0;
  #finishTaken = false;
  #summary: BlobSummary | undefined;
  /** threads whose spill files are still open */
  readonly #unsealed = new Set<number>();
  #sealing = 0;
  readonly #extents: SpillExtent[] = [];
  readonly #carried: Part[][];
  readonly #roots: Part[] = [];
  readonly #nodes: Part[] = [];
  readonly #repair: Part[][];
  readonly #primary: Uint8Array[] = [];
  readonly #secondary: Uint8Array[] = [];
  #untaken = 0;

  constructor(options: EncodeJobOptions) {
    const { plan, priority, hold } = options;
    const { threadCount, small, resident } = plan;
    const bytes = plan.geometry.blobBytes;
    const depth = resident ? 2 : 1;
    const assembled = options.taker === undefined ? plan.assembly.length : 0;
    const stays = assembled > 0;
    super({ priority, bytes, threadCount, small, stays, depth, repeatable: true, hold });
    this.#o = options;
    this.#plan = plan;
    this.#nextWriter = options.firstWriter;
    this.#spare = deal(options.spare, threadCount);
    this.#rowsLeft = plan.rows.length;
    this.#columnsLeft = plan.columns.length;
    this.#owners = plan.assembly.map(() => undefined);
    this.#assembling = plan.assembly.map(() => false);
    this.#assemblyLeft = assembled;
    this.#carried = plan.blocks.map(() => []);
    this.#repair = plan.assembly.map(() => []);
  }

  get wantsHelp(): boolean {
    return this.#plan.columns.length - this.#nextColumns >= WORTH_JOINING;
  }

  /** The taker may need longer than all threads: none of them waits for it, or takes the job up again. */
  override get isGivenOut(): boolean {
    return this.#finishTaken && this.#assemblyLeft === 0;
  }

  setup(shared: boolean): EncodeSetup {
    const { geometry, resident, blocks, assembly } = this.#plan;
    const { source, spill, read } = this.#o;
    const wasRead = read.has(source);
    const writer = this.#nextWriter++;
    const spare = this.#spare[this.#threads++] ?? [];
    const common = {
      ...({
        kind: 'encode',
        geometry,
        resident,
        blocks,
        spill,
        writer,
        assembly,
        spare,
        wasRead,
      } as const),
      moves: spare,
    };
    if (shared || !(source instanceof Uint8Array)) return { ...common, source };
    if (!resident) {
      this.#shared ??= new Blob([source as Uint8Array<ArrayBuffer>]);
      return { ...common, source: this.#shared };
    }
    this.#pieces ??= new SourcePieces(source);
    return { ...common, source: undefined };
  }

  protected next(thread: number): Task | 'later' | undefined {
    const piece = this.#pieces?.next(thread);
    if (piece !== undefined) return piece;
    if (this.#untaken > UNTAKEN_BYTES) return 'later';
    const rows = this.#plan.rows[this.#nextRows];
    if (rows !== undefined) {
      this.#nextRows++;
      if (this.#o.spill !== undefined) this.#unsealed.add(thread);
      return { kind: 'rows', ...rows };
    }
    // The thread runs its tasks in order, so its rows are stored before this.
    if (this.#unsealed.has(thread)) {
      this.#unsealed.delete(thread);
      this.#sealing++;
      return { kind: 'seal' } satisfies SealTask;
    }
    const columns = this.#plan.columns[this.#nextColumns];
    if (columns !== undefined) {
      const waits = columns.batches.some((batch) => batch.blocks.length > 0);
      if (waits && !this.#rowsReady) return 'later';
      this.#nextColumns++;
      return this.#columnTask(columns, this.#ownOf(thread));
    }
    if (this.#columnsLeft > 0) return 'later';
    return this.#lastTask(thread);
  }

  get #rowsReady(): boolean {
    return this.#rowsLeft === 0 && this.#unsealed.size === 0 && this.#sealing === 0;
  }

  /** The range of the assembly that this thread holds; it claims one with its first columns. */
  #ownOf(thread: number): number | undefined {
    if (this.#o.taker !== undefined) return undefined;
    const own = this.#owners.indexOf(thread);
    if (own >= 0) return own;
    const free = this.#owners.indexOf(undefined);
    if (free < 0) return undefined;
    this.#owners[free] = thread;
    return free;
  }

  #columnTask({ begin, end, batches }: ColumnPlan, own: number | undefined): ColumnTask {
    const carried = batches
      .flatMap(({ blocks }) => blocks)
      .map((block) => (this.#carried[block] ?? []).splice(0));
    const moves = carried.flat().map((part) => part.bytes);
    const extents = this.#extents;
    return { kind: 'columns', begin, end, batches, carried, extents, own, moves };
  }

  #lastTask(thread: number): FinishTask | AssembleTask | undefined {
    const { geometry, assembly } = this.#plan;
    if (!this.#finishTaken) {
      this.#finishTaken = true;
      const moves = [...this.#roots, ...this.#nodes].map((part) => part.bytes);
      return { kind: 'finish', geometry, roots: this.#roots, nodes: this.#nodes, moves };
    }
    if (this.#assemblyLeft === 0) return undefined;
    const index = this.#owners.findIndex(
      (owner, i) => !this.#assembling[i] && (owner === thread || owner === undefined),
    );
    const rows = assembly[index];
    if (rows === undefined) return undefined;
    this.#assembling[index] = true;
    const parts = this.#repair[index] ?? [];
    const moves = parts.map((part) => part.bytes);
    return { kind: 'assemble', ...rows, own: this.#owners[index] === thread, parts, moves };
  }

  protected accept(_task: Task, result: TaskResult): void {
    if (result.kind === 'load') this.#pieces?.returned(result.bytes);
    else if (result.kind === 'rows') this.#acceptRows(result);
    else if (result.kind === 'seal') this.#sealing--;
    else if (result.kind === 'columns') this.#acceptColumns(result);
    else if (result.kind === 'finish') this.#summary = result.summary;
    else if (result.kind === 'assemble') {
      this.#assemblyLeft--;
      this.#keepRows(result.begin, result.slivers);
    }
    this.#endIfDone();
  }

  #endIfDone(): void {
    const done = this.#assemblyLeft === 0 && this.#untaken === 0;
    if (this.#summary !== undefined && done) this.#end(this.#summary);
  }

  /** Hands slivers over; until they are taken, they count against what may be made. */
  #give(bytes: number, given: Promise<void>): void {
    this.#untaken += bytes;
    given.then(
      () => {
        this.#untaken -= bytes;
        if (this.done) return;
        this.#endIfDone();
        this.changedNow();
      },
      (error: unknown) => this.fail(error),
    );
  }

  #acceptRows({ begin, end, blocks, extent, slivers, sum }: RowResult): void {
    this.#rowsLeft--;
    this.#o.read.add(this.#o.source);
    this.#rowSum = (this.#rowSum + sum) | 0;
    if (extent !== undefined) this.#extents.push(extent);
    blocks.forEach((bytes, i) => {
      this.#carried[i]?.push({ begin, end, bytes });
    });
    if (slivers !== undefined) this.#keepRows(begin, slivers);
    this.#o.progress?.rows({ begin, end });
  }

  #acceptColumns({ begin, end, roots, nodes, slivers, repair, sum }: ColumnResult): void {
    this.#columnsLeft--;
    this.#columnSum = (this.#columnSum + sum) | 0;
    if (this.#columnsLeft === 0 && this.#rowsLeft === 0 && this.#columnSum !== this.#rowSum) {
      throw new HauloutError('file-changed', nameOf(this.#o.source));
    }
    this.#roots.push({ begin, end, bytes: roots });
    this.#nodes.push({ begin, end, bytes: nodes });
    const { taker } = this.#o;
    repair?.forEach((parts, i) => {
      const rows = this.#plan.assembly[i] as Range;
      if (taker === undefined) this.#repair[i]?.push(...parts);
      else
        for (const part of parts)
          this.#give(part.bytes.byteLength, taker.piece(rows, rangeOf(part), part.bytes));
    });
    const { shardCount, columnBytes } = this.#plan.geometry;
    if (slivers !== undefined && taker !== undefined) {
      this.#give(slivers.byteLength, taker.whole('secondary', begin, slivers));
    } else if (slivers !== undefined) {
      cutSlivers(slivers, encodedSliverBytes(columnBytes)).forEach((sliver, i) => {
        this.#secondary[shardCount - 1 - begin - i] = sliver;
      });
    }
    this.#o.progress?.columns({ begin, end });
  }

  #keepRows(begin: number, slivers: ArrayBuffer): void {
    const { taker } = this.#o;
    if (taker !== undefined) {
      this.#give(slivers.byteLength, taker.whole('primary', begin, slivers));
      return;
    }
    const bytes = encodedSliverBytes(this.#plan.geometry.rowBytes);
    cutSlivers(slivers, bytes).forEach((sliver, i) => {
      this.#primary[begin + i] = sliver;
    });
  }

  #end(summary: BlobSummary): void {
    this.#o.progress?.finished();
    const wanted = this.#plan.assembly.length > 0 && this.#o.taker === undefined;
    const slivers = { primarySlivers: this.#primary, secondarySlivers: this.#secondary };
    this.succeed(wanted ? { ...summary, ...slivers } : summary);
  }

  override left(thread: number): void {
    this.#pieces?.left(thread);
    this.#unsealed.delete(thread); // closing a job seals its files
    super.left(thread);
  }
}

/** Each hand gets its share of the buffers of each size. */
function deal(buffers: readonly ArrayBuffer[], hands: number): ArrayBuffer[][] {
  const sorted = buffers.toSorted((a, b) => a.byteLength - b.byteLength);
  return Array.from({ length: hands }, (_, hand) => sorted.filter((_, i) => i % hands === hand));
}

function cutSlivers(slivers: ArrayBuffer, bytes: number): Uint8Array[] {
  const count = slivers.byteLength / bytes;
  return Array.from({ length: count }, (_, i) => new Uint8Array(slivers, i * bytes, bytes));
}

function rangeOf({ begin, end }: Range): Range {
  return { begin, end };
}
