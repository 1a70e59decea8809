import type { Axis } from '../protocol/axis.ts';
import type { Geometry } from '../protocol/geometry.ts';
import type { BlobMetadata } from '../protocol/metadata.ts';
import type { MetadataClaim } from '../protocol/verify-metadata.ts';
import type { EncodeDoors } from './encode-blob.ts';
import type { JobTraits } from './job.ts';

export interface DecodeOptions extends MetadataClaim {
  readonly axis: Axis;
  /** BCS SliverData of any slivers of the axis, verified or not, in any order */
  readonly slivers: readonly Uint8Array[];
  /**
   * 'default' checks every row of the blob against its sliver's hash; 'strict' also encodes the
   * blob again and compares the ID
   */
  readonly consistency?: 'default' | 'strict';
  readonly signal?: AbortSignal;
  readonly priority?: number;
}

/** What decoding needs to know throughout. */
export interface DecodeContext {
  readonly doors: EncodeDoors;
  readonly options: DecodeOptions;
  readonly geometry: Geometry;
  /** verified */
  readonly metadata: BlobMetadata;
}

/** Traits of the jobs that decoding consists of. */
export function traitsOf({ doors, options, geometry }: DecodeContext): JobTraits {
  const { threadCount } = doors.runner;
  const { priority = 0 } = options;
  const bytes = geometry.blobBytes;
  return { priority, bytes, threadCount, small: true, depth: 2, repeatable: true };
}
