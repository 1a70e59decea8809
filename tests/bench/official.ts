/** The part of the official package (browser or Node build) that is measured beside ours. */
export interface OfficialEncoder {
  compute_metadata(data: Uint8Array): unknown;
  encode(data: Uint8Array, primary: Uint8Array[], secondary: Uint8Array[]): unknown;
  decode(blobId: Uint8Array, blobBytes: bigint, slivers: Uint8Array[], into: Uint8Array): void;
  free(): void;
}

export type OfficialEncoderClass = new (shardCount: number) => OfficialEncoder;

export interface SliverLists {
  readonly primarySlivers: Uint8Array[];
  readonly secondarySlivers: Uint8Array[];
}

/** New buffers for slivers of the same sizes. */
export function sliverBuffers(like: {
  readonly primarySlivers: readonly Uint8Array[];
  readonly secondarySlivers: readonly Uint8Array[];
}): SliverLists {
  const buffers = (slivers: readonly Uint8Array[]) =>
    slivers.map(({ length }) => new Uint8Array(length));
  return {
    primarySlivers: buffers(like.primarySlivers),
    secondarySlivers: buffers(like.secondarySlivers),
  };
}

/** What the official SDK does to encode a blob: a new encoder, one call. */
export function officialEncode(
  Encoder: OfficialEncoderClass,
  shardCount: number,
  source: Uint8Array,
  { primarySlivers, secondarySlivers }: SliverLists,
): void {
  const encoder = new Encoder(shardCount);
  encoder.encode(source, primarySlivers, secondarySlivers);
  encoder.free();
}
