import { HauloutError } from '../protocol/errors.ts';
import { geometryFor, sliversToDecode } from '../protocol/geometry.ts';
import { checkSliverShape, decodeSliver, type SliverData } from '../protocol/sliver.ts';
import { allocate } from './allocate.ts';
import type { DecodeContext, DecodeOptions } from './decode-context.ts';
import { DecodeJob } from './decode-job.ts';
import { computeBlobId, type EncodeDoors } from './encode-blob.ts';
import { throwIfAborted } from './job.ts';
import type { MetadataCache } from './metadata-cache.ts';
import { rootIn } from './root-task.ts';
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
export async function decodeBlob(
  doors: EncodeDoors,
  cache: MetadataCache,
  options: DecodeOptions,
): Promise<Uint8Array> {
  const { blobId } = options;
  const metadata = await cache.open(options, (read) => rootIn(doors.runner, read, options));
  const geometry = geometryFor(metadata.shardCount, metadata.unencodedBytes);
  const context: DecodeContext = { doors, options, geometry, metadata };
  const offered = readSlivers(context);
  for (;;) {
    throwIfAborted(options.signal);
    const used = chooseSlivers(context, offered);
    const blob = areRows(context, used)
      ? await joinRows(context, used)
      : await doors.runner.run(() => new DecodeJob(context, used), options.signal);
    if (blob !== undefined && (await strictlyRight(context, blob))) return blob;
    const liars = await wrongSlivers(context, used);
    if (liars.length === 0) throw new HauloutError('blob-inconsistent', { blobId });
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

/** Whether the slivers are the rows of the blob itself. */
function areRows({ options, geometry }: DecodeContext, used: readonly SliverData[]): boolean {
  return (
    options.axis === 'primary' && used.every(({ sliverIndex }) => sliverIndex < geometry.rowCount)
  );
}

/** Puts rows together; undefined if one is wrong, or not zero behind the blob's end. */
async function joinRows(
  context: DecodeContext,
  used: readonly SliverData[],
): Promise<Uint8Array | undefined> {
  const { rowBytes, blobBytes } = context.geometry;
  const blob = allocate(blobBytes);
  let padded = true;
  const wrong = await wrongSlivers(context, used, ({ data, sliverIndex }) => {
    const at = Math.min(blobBytes, sliverIndex * rowBytes);
    const length = Math.min(rowBytes, blobBytes - at);
    blob.set(data.subarray(0, length), at);
    padded &&= data.subarray(length).every((byte) => byte === 0);
  });
  return wrong.length === 0 && padded ? blob : undefined;
}

async function strictlyRight(
  { doors, options }: DecodeContext,
  blob: Uint8Array,
): Promise<boolean> {
  if (options.consistency !== 'strict') return true;
  const { shardCount, blobId, signal, priority = 0 } = options;
  const again = { shardCount, priority, ...(signal && { signal }) };
  return (await computeBlobId(doors, blob, again)).blobId === blobId;
}
