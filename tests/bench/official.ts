/** The part of the official package (browser or Node build) that is measured beside ours. */
export interface OfficialEncoder {
  compute_metadata(data: Uint8Array): unknown;
  encode(data: Uint8Array, primary: Uint8Array[], secondary: Uint8Array[]): unknown;
  decode(blobId: Uint8Array, blobBytes: bigint, slivers: Uint8Array[], into: Uint8Array): void;
  free(): void;
}

export type OfficialEncoderClass = new (shardCount: number) => OfficialEncoder;

/** Buffers for every sliver, which the official encoder wants before it starts. */
export function sliverBuffers(like: readonly Uint8Array[]): Uint8Array[] {
  return like.map(({ length }) => new Uint8Array(length));
}
