import type { BlobSummary } from '../protocol/blob-summary.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { geometryFor, sliversToDecode } from '../protocol/geometry.ts';
import { checkSliverShape, decodeSliver, type SliverData } from '../protocol/sliver.ts';
import { openMetadata } from '../protocol/verify-metadata.ts';
import type { DecodeContext, DecodeOptions } from './decode-context.ts';
import { checkRows, decodeRows } from './decode-rows.ts';
import { computeBlobId, type EncodeDoors } from './encode-blob.ts';
import { throwIfAborted } from './job.ts';
import type { MatrixPiece } from './tasks.ts';
import { wrongSlivers } from './verify-sliver.ts';

/**
 * Decodes a blob from any slivers of one axis that are enough. What is returned hashes to the
 * metadata row by row, and the metadata to the blob ID, so slivers need not be verified before.
 * Malformed, repeated and wrong slivers are left out as long as enough others remain.
 *
 * @returns the blob's bytes
 * @throws HauloutError 'metadata-malformed', 'metadata-mismatch', 'not-enough-slivers' (its cause
 *   says what was wrong with the first sliver left out), 'blob-inconsistent', 'aborted'
 */
export async function decodeBlob(doors: EncodeDoors, options: DecodeOptions): Promise<Uint8Array> {
  const { summary, metadata } = openMetadata(options);
  const geometry = geometryFor(summary.shardCount, summary.unencodedBytes);
  const context: DecodeContext = { doors, options, geometry, metadata };
  const offered = readSlivers(context);
  for (;;) {
    throwIfAborted(options.signal);
    const used = chooseSlivers(context, offered);
    const { blob, wrong } = await onceMore(async () => {
      const pieces = wholeRows(context, used) ?? (await decodeRows(context, used));
      return checkRows(context, pieces); // which takes the pieces away
    });
    if (!wrong && (await strictlyRight(context, summary, blob))) return blob;
    const liars = await wrongSlivers(context, used);
    if (liars.length === 0) throw new HauloutError('blob-inconsistent', { blobId: summary.blobId });
    for (const { sliverIndex } of liars) {
      offered.slivers.delete(sliverIndex);
      const { axis } = options;
      offered.firstError ??= new HauloutError('sliver-mismatch', { axis, sliverIndex });
    }
    await replace(context, offered, liars);
  }
}

/** Puts true slivers in the place of wrong ones of the same index, where such were offered too. */
async function replace(context: DecodeContext, offered: Offered, liars: readonly SliverData[]) {
  const indices = new Set(liars.map(({ sliverIndex }) => sliverIndex));
  const spares = offered.repeated.filter(({ sliverIndex }) => indices.has(sliverIndex));
  const wrong = new Set(await wrongSlivers(context, spares));
  for (const spare of spares) {
    if (!wrong.has(spare)) offered.slivers.set(spare.sliverIndex, spare);
  }
}

/** Repeats work from its start if a thread crashes in the middle. */
async function onceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isHauloutError(error, 'engine-crashed')) throw error;
    return work();
  }
}

interface Offered {
  readonly slivers: Map<number, SliverData>;
  /** further slivers of indices that `slivers` has */
  readonly repeated: SliverData[];
  firstError: unknown;
}

function readSlivers({ options, geometry }: DecodeContext): Offered {
  const offered: Offered = { slivers: new Map(), repeated: [], firstError: undefined };
  for (const bytes of options.slivers) {
    try {
      const sliver = decodeSliver(bytes);
      checkSliverShape(geometry, options.axis, sliver);
      if (offered.slivers.has(sliver.sliverIndex)) offered.repeated.push(sliver);
      else offered.slivers.set(sliver.sliverIndex, sliver);
    } catch (error) {
      offered.firstError ??= error;
    }
  }
  return offered;
}

/** Slivers that are parts of the blob itself first: they need no decoding. */
function chooseSlivers({ options, geometry }: DecodeContext, offered: Offered): SliverData[] {
  const need = sliversToDecode(geometry, options.axis);
  const have = offered.slivers.size;
  if (have < need) {
    const cause = offered.firstError;
    throw new HauloutError('not-enough-slivers', { have, need }, cause ? { cause } : undefined);
  }
  const all = [...offered.slivers.values()];
  const own = all.filter((sliver) => sliver.sliverIndex < need);
  const repair = all.filter((sliver) => sliver.sliverIndex >= need);
  return [...own, ...repair].slice(0, need);
}

/** The rows as they were given, if all of them were. */
function wholeRows({ options, geometry }: DecodeContext, used: readonly SliverData[]) {
  const { rowCount, columnCount } = geometry;
  if (options.axis !== 'primary' || used.some((sliver) => sliver.sliverIndex >= rowCount)) {
    return undefined;
  }
  const columns = { begin: 0, end: columnCount };
  return used.map(({ data, sliverIndex }): MatrixPiece => {
    const rows = { begin: sliverIndex, end: sliverIndex + 1 };
    return { rows, columns, bytes: data.slice().buffer };
  });
}

async function strictlyRight(
  { doors, options }: DecodeContext,
  summary: BlobSummary,
  blob: Uint8Array,
): Promise<boolean> {
  if (options.consistency !== 'strict') return true;
  const { shardCount } = summary;
  const { signal, priority = 0 } = options;
  const again = { shardCount, priority, ...(signal && { signal }) };
  return (await computeBlobId(doors, blob, again)).blobId === summary.blobId;
}
