import type { Axis } from '../protocol/axis.ts';
import type { BlobSummary, EncodeOptions } from '../protocol/blob-summary.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { type Geometry, geometryFor, sliverBytes } from '../protocol/geometry.ts';
import { encodedSliverBytes } from '../protocol/sliver.ts';
import { sliverOfPair, sliverPairIndex } from '../protocol/sliver-mapping.ts';
import type { CachedPart, CachedSlivers } from '../store/cached-slivers.ts';
import type { SliverCache } from '../store/sliver-cache.ts';
import type { SliverTaker } from '../store/sliver-taker.ts';
import { RepairRows } from './assemble-task.ts';
import { ByteLru } from './byte-lru.ts';
import { ResultMemory } from './result-memory.ts';
import { WantedSlivers } from './wanted-slivers.ts';

/** Encodes into a taker; `encodeInto` with its doors. */
export type EncodeInto = (
  source: Blob | Uint8Array,
  options: EncodeOptions,
  makeTaker: () => SliverTaker,
) => Promise<BlobSummary>;

export interface SliverSourceOptions {
  readonly encodeInto: EncodeInto;
  /** where slivers wait on disk; without it, or where it is full, they are made again in portions */
  readonly cache?: SliverCache | undefined;
  /** for slivers that are at hand; 160 MiB if absent */
  readonly memoryBytes?: number;
  readonly signal?: AbortSignal;
}

/** The blob whose slivers are wanted. */
export interface SliverSourceBlob {
  readonly blobId: string;
  readonly shardCount: number;
  readonly unencodedBytes: number;
  /** the bytes; without them only the cache can help */
  readonly source?: Blob | Uint8Array | undefined;
}

/** Gives BCS SliverData of a pair for one axis. */
export type SliverOf = (pair: number, axis: Axis) => Promise<Uint8Array<ArrayBuffer>>;

/** Nodes that take slivers at the same time are at places far from each other: a part for each of them. */
const MEMORY_BYTES = 160 << 20;

/**
 * Opens the slivers of a blob: those in the cache, else made from the source, into the cache if
 * there is room, else a portion at a time when they are asked for. Every time the source is encoded,
 * it must give the blob ID.
 *
 * @returns what gives slivers; it throws 'source-missing', and what `encodeInto` throws
 * @throws HauloutError 'source-missing' if neither has them, or the source has another length,
 *   'source-differs' if it is another blob, and what `encodeInto` throws
 */
export async function openSlivers(
  blob: SliverSourceBlob,
  options: SliverSourceOptions,
): Promise<SliverOf> {
  const { cache } = options;
  const found = await cache?.open(blob.blobId, { pin: true }).catch(() => undefined);
  if (found !== undefined) return new Slivers(blob, options, found).get;
  if (blob.source === undefined) throw missing(blob);
  const filled = cache && (await fillCache(cache, blob, options));
  return new Slivers(blob, options, filled).get;
}

/** @returns undefined where there is no room */
async function fillCache(
  cache: SliverCache,
  blob: SliverSourceBlob,
  options: SliverSourceOptions,
): Promise<CachedSlivers | undefined> {
  const { blobId, shardCount, unencodedBytes } = blob;
  try {
    let fill = await cache.fill(blobId, shardCount, unencodedBytes);
    // What a crashed try has left is overwritten: the same slivers in the same cuts.
    await encodeAs(blob, options, () => {
      fill = fill.again();
      return fill;
    });
    await fill.complete();
    return await cache.open(blobId);
  } catch (error) {
    await cache.remove(blobId).catch(() => undefined);
    if (isHauloutError(error) && error.code.startsWith('store-')) return undefined;
    throw error;
  }
}

async function encodeAs(
  blob: SliverSourceBlob,
  { encodeInto, signal }: SliverSourceOptions,
  makeTaker: () => SliverTaker,
): Promise<void> {
  const { source, shardCount, blobId: expected } = blob;
  if (source === undefined || bytesIn(source) !== blob.unencodedBytes) throw missing(blob);
  const encodeOptions = signal ? { shardCount, signal } : { shardCount };
  const { blobId: actual } = await encodeInto(source, encodeOptions, makeTaker);
  if (actual !== expected) throw new HauloutError('source-differs', { expected, actual });
}

function bytesIn(source: Blob | Uint8Array): number {
  return source instanceof Uint8Array ? source.length : source.size;
}

function missing({ unencodedBytes }: SliverSourceBlob): HauloutError {
  return new HauloutError('source-missing', { bytes: unencodedBytes });
}

/** A part of the slivers that is at hand, by `axis/index`. */
type Portion = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** A part from the cache, and which of its slivers were given away. */
interface OpenPart {
  readonly slivers: Portion;
  readonly given: Set<string>;
}

const NOTHING: Promise<Portion> = Promise.resolve(new Map());

class Slivers {
  readonly #blob: SliverSourceBlob;
  readonly #options: SliverSourceOptions;
  readonly #geometry: Geometry;
  #cached: CachedSlivers | undefined;
  readonly #parts: ByteLru<Promise<OpenPart | undefined>>;
  /** asked for, and not yet being made */
  readonly #asked = new Map<string, { pair: number; axis: Axis }>();
  /** made already, so that the next portions bring others */
  readonly #made = new Set<string>();
  #portion = NOTHING;

  constructor(
    blob: SliverSourceBlob,
    options: SliverSourceOptions,
    cached: CachedSlivers | undefined,
  ) {
    this.#blob = blob;
    this.#options = options;
    this.#geometry = geometryFor(blob.shardCount, blob.unencodedBytes);
    this.#cached = cached;
    this.#parts = new ByteLru(options.memoryBytes ?? MEMORY_BYTES);
  }

  readonly get: SliverOf = async (pair, axis) => {
    const { shardCount } = this.#blob;
    const index = sliverOfPair(sliverPairIndex(pair, shardCount), axis, shardCount);
    const key = `${axis}/${index}`;
    return (await this.#fromCache(axis, index, key)) ?? this.#make(pair, axis, key);
  };

  async #fromCache(
    axis: Axis,
    index: number,
    key: string,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const cached = this.#cached;
    const indices = cached?.indices(axis, index);
    if (cached === undefined || indices === undefined) return undefined;
    const bytes = (indices.end - indices.begin) * this.#bytesOf(axis);
    const name = `${axis}/${indices.begin}`;
    const part = await this.#parts.get(name, bytes, async () => {
      const read = await cached.read(axis, index).catch(() => undefined);
      return read && { slivers: unpack(this.#geometry, axis, read), given: new Set() };
    });
    if (part === undefined) {
      this.#cached = undefined; // evicted: from now on they are made again
      return undefined;
    }
    // Each is wanted once, but for what is sent again: then it is read again.
    part.given.add(key);
    if (part.given.size === part.slivers.size) this.#parts.drop(name);
    return part.slivers.get(key);
  }

  /** Waits for the portion that is being made; if it lacks the sliver, makes another with it. */
  async #make(pair: number, axis: Axis, key: string): Promise<Uint8Array<ArrayBuffer>> {
    this.#asked.set(key, { pair, axis });
    for (;;) {
      const portion = this.#portion;
      try {
        const sliver = (await portion).get(key);
        if (sliver !== undefined) {
          this.#asked.delete(key);
          return sliver;
        }
      } catch (error) {
        if (this.#portion === portion) this.#portion = NOTHING;
        this.#asked.delete(key);
        throw error;
      }
      if (this.#portion === portion) this.#portion = this.#makePortion();
    }
  }

  async #makePortion(): Promise<Portion> {
    const wanted = this.#choose();
    let taker = new WantedSlivers(this.#geometry, wanted);
    await encodeAs(this.#blob, this.#options, () => {
      taker = new WantedSlivers(this.#geometry, wanted);
      return taker;
    });
    for (const key of wanted) this.#made.add(key);
    return taker.slivers();
  }

  /** What was asked for, and then their neighbours that were not made yet, as far as memory goes. */
  #choose(): ReadonlySet<string> {
    const { shardCount } = this.#blob;
    const chosen = new Set<string>();
    let left = this.#options.memoryBytes ?? MEMORY_BYTES;
    const asked = [...this.#asked.values()];
    for (let step = 0; step < shardCount; step++) {
      for (const { pair, axis } of asked) {
        for (const each of [axis, axis === 'primary' ? 'secondary' : 'primary'] as const) {
          const next = sliverPairIndex((pair + step) % shardCount, shardCount);
          const key = `${each}/${sliverOfPair(next, each, shardCount)}`;
          const isAsked = step === 0 && each === axis;
          if (chosen.has(key) || (!isAsked && this.#made.has(key))) continue;
          if (left < this.#bytesOf(each) && chosen.size > 0) return chosen;
          left -= this.#bytesOf(each);
          chosen.add(key);
        }
      }
    }
    return chosen;
  }

  #bytesOf(axis: Axis): number {
    return encodedSliverBytes(sliverBytes(this.#geometry, axis));
  }
}

function unpack(geometry: Geometry, axis: Axis, part: CachedPart): Portion {
  const { begin, end } = part.indices;
  const bytes = encodedSliverBytes(sliverBytes(geometry, axis));
  const slivers = part.kind === 'whole' ? part.slivers : assembled(geometry, part);
  const portion = new Map<string, Uint8Array<ArrayBuffer>>();
  for (let index = begin; index < end; index++) {
    portion.set(`${axis}/${index}`, new Uint8Array(slivers, (index - begin) * bytes, bytes));
  }
  return portion;
}

function assembled(
  geometry: Geometry,
  { indices, pieces }: Extract<CachedPart, { kind: 'rows' }>,
): ArrayBuffer {
  const rows = new RepairRows(geometry, indices, new ResultMemory());
  for (const { columns, symbols } of pieces) {
    const pitch = (columns.end - columns.begin) * geometry.symbolBytes;
    rows.put(columns, new Uint8Array(symbols), pitch);
  }
  return rows.finished();
}
