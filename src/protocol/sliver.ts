import type { Axis } from './axis.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter, ulebBytes } from './byte-writer.ts';
import { HauloutError } from './errors.ts';
import { type Geometry, sliverBytes } from './geometry.ts';

const SUFFIX_BYTES = 4; // u16 symbol size, u16 sliver index

/** One sliver as it travels, whichever its axis. */
export interface SliverData {
  readonly data: Uint8Array;
  readonly symbolBytes: number;
  readonly sliverIndex: number;
}

/** Bytes in front of the data of a sliver with `dataBytes` of it. */
export function sliverPrefixBytes(dataBytes: number): number {
  return ulebBytes(dataBytes);
}

/** Bytes of a whole BCS SliverData with `dataBytes` of data. */
export function encodedSliverBytes(dataBytes: number): number {
  return sliverPrefixBytes(dataBytes) + dataBytes + SUFFIX_BYTES;
}

/**
 * Writes everything of a BCS SliverData around its data, so that the data can be written in place.
 *
 * @param into `encodedSliverBytes(dataBytes)` bytes; the data belongs at `sliverPrefixBytes(dataBytes)`
 */
export function frameSliver(into: Uint8Array, symbolBytes: number, sliverIndex: number): void {
  const dataBytes = framedDataBytes(into.length);
  const prefix = sliverPrefixBytes(dataBytes);
  into.set(new ByteWriter(prefix).uleb(dataBytes).bytes, 0);
  const suffix = new ByteWriter(SUFFIX_BYTES).u16(symbolBytes).u16(sliverIndex);
  into.set(suffix.bytes, prefix + dataBytes);
}

/** Writes BCS SliverData. */
export function encodeSliver(sliver: SliverData): Uint8Array {
  const { data, symbolBytes, sliverIndex } = sliver;
  const bytes = new Uint8Array(encodedSliverBytes(data.length));
  frameSliver(bytes, symbolBytes, sliverIndex);
  bytes.set(data, sliverPrefixBytes(data.length));
  return bytes;
}

/**
 * Reads BCS SliverData strictly. Nothing is verified here.
 *
 * @returns `data` as a view of `bytes`
 * @throws HauloutError 'sliver-malformed'
 */
export function decodeSliver(bytes: Uint8Array): SliverData {
  const reader = new ByteReader(bytes, 'sliver-malformed');
  const data = reader.take(reader.uleb());
  const sliver = { data, symbolBytes: reader.u16(), sliverIndex: reader.u16() };
  reader.end();
  return sliver;
}

/**
 * Checks that a sliver has the shape that its blob's geometry asks for; its hash is still unknown.
 *
 * @param index the sliver index that was asked for: a body that names another one is refused
 * @throws HauloutError 'sliver-malformed', 'sliver-mismatch'
 */
export function checkSliverShape(
  geometry: Geometry,
  axis: Axis,
  sliver: SliverData,
  index = sliver.sliverIndex,
): void {
  const { sliverIndex } = sliver;
  const refuse = (reason: 'index' | 'length' | 'symbol-size'): never => {
    throw new HauloutError('sliver-malformed', { reason });
  };
  if (sliverIndex >= geometry.shardCount) refuse('index');
  if (sliver.data.length !== sliverBytes(geometry, axis)) refuse('length');
  if (sliver.symbolBytes !== geometry.symbolBytes) refuse('symbol-size');
  if (sliverIndex !== index)
    throw new HauloutError('sliver-mismatch', { axis, sliverIndex: index });
}

/** The data length of a frame of `total` bytes. */
function framedDataBytes(total: number): number {
  for (let prefix = 1; prefix <= 5; prefix++) {
    const dataBytes = total - prefix - SUFFIX_BYTES;
    if (dataBytes >= 0 && sliverPrefixBytes(dataBytes) === prefix) return dataBytes;
  }
  throw new HauloutError('argument-invalid', { name: 'into', reason: 'no sliver has this length' });
}
