/** The part of the official package (browser or Node build) that is measured beside ours. */
export interface OfficialEncoder {
  compute_metadata(data: Uint8Array): unknown;
  encode(data: Uint8Array, primary: Uint8Array[], secondary: Uint8Array[]): unknown;
  decode(blobId: Uint8Array, blobBytes: bigint, slivers: Uint8Array[], into: Uint8Array): void;
  free(): void;
}

export type OfficialEncoderClass = new (shardCount: number) => OfficialEncoder;

/**
 * What the official SDK does to encode a blob: a new encoder, new buffers for every sliver, one call.
 *
 * @param like slivers of the same sizes
 */
export function officialEncode(
  Encoder: OfficialEncoderClass,
  shardCount: number,
  source: Uint8Array,
  like: { primarySlivers: readonly Uint8Array[]; secondarySlivers: readonly Uint8Array[] },
): void {
  const encoder = new Encoder(shardCount);
  const buffers = (slivers: readonly Uint8Array[]) =>
    slivers.map(({ length }) => new Uint8Array(length));
  encoder.encode(source, buffers(like.primarySlivers), buffers(like.secondarySlivers));
  encoder.free();
}
