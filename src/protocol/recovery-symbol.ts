import { type Axis, crossAxis } from './axis.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter, ulebBytes } from './byte-writer.ts';
import { HauloutError } from './errors.ts';
import type { Geometry } from './geometry.ts';
import { foldProof, leafHash, type MerkleProof, proofLength } from './merkle.ts';
import { type BlobMetadata, HASH_BYTES, sliverHash } from './metadata.ts';

const MAX_PROOF = 16; // levels over the largest committee
const EMPTY = 0;
const DIGEST = 1;

/** The symbol where a source sliver crosses the sliver to be recovered. */
export interface DecodingSymbol {
  /** index of the source sliver, which lies on the other axis */
  readonly index: number;
  readonly data: Uint8Array;
}

/** A symbol with the proof that it is in its source sliver. */
export interface RecoverySymbol extends DecodingSymbol {
  readonly proof: MerkleProof;
}

/** A symbol that says which sliver it helps to recover. */
export interface GeneralRecoverySymbol extends RecoverySymbol {
  /** axis of the sliver to be recovered */
  readonly axis: Axis;
  readonly targetSliverIndex: number;
}

export function encodeDecodingSymbol(symbol: DecodingSymbol): Uint8Array {
  const writer = new ByteWriter(decodingSymbolBytes(symbol));
  return writeDecodingSymbol(writer, symbol).bytes;
}

export function encodeMerkleProof(proof: MerkleProof): Uint8Array {
  return writeProof(new ByteWriter(proofBytes(proof)), proof).bytes;
}

export function encodeRecoverySymbol(symbol: RecoverySymbol): Uint8Array {
  const writer = new ByteWriter(decodingSymbolBytes(symbol) + proofBytes(symbol.proof));
  return writeProof(writeDecodingSymbol(writer, symbol), symbol.proof).bytes;
}

export function encodeGeneralRecoverySymbol(symbol: GeneralRecoverySymbol): Uint8Array {
  const writer = new ByteWriter(3 + decodingSymbolBytes(symbol) + proofBytes(symbol.proof));
  writer.u8(symbol.axis === 'primary' ? 0 : 1);
  writeDecodingSymbol(writer, symbol).u16(symbol.targetSliverIndex);
  return writeProof(writer, symbol.proof).bytes;
}

/** @throws HauloutError 'symbol-malformed'; so do the other decoders. Byte strings are views. */
export function decodeDecodingSymbol(bytes: Uint8Array): DecodingSymbol {
  return whole(bytes, readDecodingSymbol);
}

export function decodeMerkleProof(bytes: Uint8Array): MerkleProof {
  return whole(bytes, readProof);
}

export function decodeRecoverySymbol(bytes: Uint8Array): RecoverySymbol {
  return whole(bytes, (reader) => ({ ...readDecodingSymbol(reader), proof: readProof(reader) }));
}

export function decodeGeneralRecoverySymbol(bytes: Uint8Array): GeneralRecoverySymbol {
  return whole(bytes, readGeneral);
}

/** A vector of them, as nodes answer. */
export function decodeGeneralRecoverySymbols(bytes: Uint8Array): GeneralRecoverySymbol[] {
  return whole(bytes, (reader) => {
    const count = reader.uleb();
    if (count > reader.left) reader.fail('truncated');
    return Array.from({ length: count }, () => readGeneral(reader));
  });
}

/** A symbol that is offered for the recovery of sliver `targetSliverIndex` of `axis`. */
export interface RecoveryClaim {
  readonly metadata: BlobMetadata;
  readonly geometry: Geometry;
  readonly axis: Axis;
  readonly targetSliverIndex: number;
  readonly symbol: RecoverySymbol;
}

/**
 * Checks that a symbol is the crossing of its source sliver with the target sliver, by its proof
 * against the source sliver's hash in verified metadata.
 *
 * @throws HauloutError 'symbol-malformed' (index or length), 'symbol-mismatch' (proof),
 *   'argument-invalid' (target index)
 */
export function verifyRecoverySymbol(claim: RecoveryClaim): void {
  const { metadata, geometry, axis, targetSliverIndex, symbol } = claim;
  const { shardCount, symbolBytes } = geometry;
  const { index, data, proof } = symbol;
  sliverHash(metadata, axis, targetSliverIndex); // the target's index is the caller's: check it
  if (index >= shardCount) throw new HauloutError('symbol-malformed', { reason: 'index' });
  if (data.length !== symbolBytes) throw new HauloutError('symbol-malformed', { reason: 'length' });
  const expected = sliverHash(metadata, crossAxis(axis), index);
  const root =
    proof.length === proofLength(shardCount)
      ? foldProof(proof, leafHash(data), targetSliverIndex)
      : undefined;
  if (expected?.every((byte, i) => byte === root?.[i]) === true) return;
  const detail = { sliverIndex: targetSliverIndex, sourceIndex: index };
  throw new HauloutError('symbol-mismatch', detail);
}

function decodingSymbolBytes({ data }: DecodingSymbol): number {
  return 2 + ulebBytes(data.length) + data.length;
}

function proofBytes(proof: MerkleProof): number {
  const digests = proof.filter((node) => node !== null).length;
  return ulebBytes(proof.length) + proof.length + digests * HASH_BYTES;
}

function writeDecodingSymbol(writer: ByteWriter, symbol: DecodingSymbol): ByteWriter {
  return writer.u16(symbol.index).uleb(symbol.data.length).raw(symbol.data);
}

function writeProof(writer: ByteWriter, proof: MerkleProof): ByteWriter {
  writer.uleb(proof.length);
  for (const node of proof) {
    if (node === null) writer.u8(EMPTY);
    else writer.u8(DIGEST).raw(node);
  }
  return writer;
}

function readDecodingSymbol(reader: ByteReader): DecodingSymbol {
  return { index: reader.u16(), data: reader.take(reader.uleb()) };
}

function readGeneral(reader: ByteReader): GeneralRecoverySymbol {
  const tag = reader.uleb();
  if (tag > 1) reader.fail('tag');
  const axis = tag === 0 ? 'primary' : 'secondary';
  const symbol = readDecodingSymbol(reader);
  const targetSliverIndex = reader.u16();
  return { axis, ...symbol, targetSliverIndex, proof: readProof(reader) };
}

function readProof(reader: ByteReader): MerkleProof {
  const length = reader.uleb();
  if (length > MAX_PROOF) reader.fail('count');
  return Array.from({ length }, () => {
    const tag = reader.uleb();
    if (tag > DIGEST) reader.fail('tag');
    return tag === EMPTY ? null : reader.take(HASH_BYTES);
  });
}

function whole<T>(bytes: Uint8Array, read: (reader: ByteReader) => T): T {
  const reader = new ByteReader(bytes, 'symbol-malformed');
  const value = read(reader);
  reader.end();
  return value;
}
