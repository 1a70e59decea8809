import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import type { Axis } from '../../src/protocol/axis.ts';
import { formatBlobId } from '../../src/protocol/blob-id.ts';
import { geometryFor } from '../../src/protocol/geometry.ts';
import { blobIdFor, leafHash, merkleProof, merkleRoot } from '../../src/protocol/merkle.ts';
import {
  decodeMetadata,
  encodeMetadata,
  sliverHash,
  splitMetadataWithId,
} from '../../src/protocol/metadata.ts';
import {
  decodeDecodingSymbol,
  decodeGeneralRecoverySymbol,
  decodeRecoverySymbol,
  encodeDecodingSymbol,
  encodeGeneralRecoverySymbol,
  encodeRecoverySymbol,
  verifyRecoverySymbol,
} from '../../src/protocol/recovery-symbol.ts';
import { checkSliverShape, decodeSliver, encodeSliver } from '../../src/protocol/sliver.ts';
import { verifyMetadata } from '../../src/protocol/verify-metadata.ts';
import { loadFixture } from '../support/vectors.ts';

const { cases } = await loadFixture('tiny');

describe.each(cases)('tiny.json: $nShards shards, blob $blobHex', (c) => {
  const n = c.nShards;
  const geometry = geometryFor(n, c.blobHex.length / 2);
  const metadata = decodeMetadata(hexToBytes(c.metadataBcsHex));
  const cell = (row: number, column: number) =>
    hexToBytes(c.expandedMatrixHex[row]?.[column] ?? 'missing');

  it('reads and writes the metadata', () => {
    expect(bytesToHex(encodeMetadata(metadata))).toBe(c.metadataBcsHex);
    expect(metadata.unencodedBytes).toBe(geometry.blobBytes);
    const { blobId, rootHash } = blobIdFor(metadata);
    expect(bytesToHex(blobId)).toBe(c.blobIdHex);
    expect(bytesToHex(rootHash)).toBe(c.rootHash);
    const split = splitMetadataWithId(hexToBytes(c.metadataWithIdBcsHex));
    expect(split.blobId).toEqual(blobId);
    expect(bytesToHex(split.metadata)).toBe(c.metadataBcsHex);
  });

  it('verifies the metadata', () => {
    const blobId = formatBlobId(hexToBytes(c.blobIdHex));
    const claim = { shardCount: n, blobId, metadata: hexToBytes(c.metadataBcsHex) };
    expect(verifyMetadata(claim)).toMatchObject({
      blobId,
      rootHash: hexToBytes(c.rootHash),
      metadata: claim.metadata,
      symbolBytes: c.symbolSize,
      unencodedBytes: geometry.blobBytes,
    });
  });

  it('finds the hash of each sliver, and it is the root over the expanded sliver', () => {
    expect(bytesToHex(leafHash(cell(0, 0)))).toBe(c.leafHash00);
    for (let i = 0; i < n; i++) {
      const row = Array.from({ length: n }, (_, column) => leafHash(cell(i, column)));
      const column = Array.from({ length: n }, (_, r) => leafHash(cell(r, i)));
      expect(sliverHash(metadata, 'primary', i)).toEqual(merkleRoot(concatBytes(...row)));
      expect(sliverHash(metadata, 'secondary', i)).toEqual(merkleRoot(concatBytes(...column)));
      expect(bytesToHex(merkleRoot(concatBytes(...row)))).toBe(c.primaryHashes[i]);
      expect(bytesToHex(merkleRoot(concatBytes(...column)))).toBe(
        c.secondaryHashesByPair[n - 1 - i],
      );
    }
  });

  it('reads and writes the slivers', () => {
    const check = (axis: Axis, hex: string, sliverIndex: number) => {
      const sliver = decodeSliver(hexToBytes(hex));
      expect(sliver.sliverIndex).toBe(sliverIndex);
      checkSliverShape(geometry, axis, sliver, sliverIndex);
      expect(bytesToHex(encodeSliver(sliver))).toBe(hex);
    };
    c.primarySliverBcsHex.forEach((hex, pair) => {
      check('primary', hex, pair);
    });
    c.secondarySliverBcsHexByPair.forEach((hex, pair) => {
      check('secondary', hex, n - 1 - pair);
    });
  });

  it('reads, writes and verifies the symbols where two slivers cross', () => {
    const at = c.symbolAt;
    const [row, column] = [at.primarySliverIndex, at.secondarySliverIndex];
    const data = cell(row, column);
    expect(bytesToHex(data)).toBe(at.dataHex);
    const rowLeaves = Array.from({ length: n }, (_, i) => leafHash(cell(row, i)));
    const columnLeaves = Array.from({ length: n }, (_, i) => leafHash(cell(i, column)));
    const check = (axis: Axis, decoding: string, recovery: string, general: string) => {
      const forRow = axis === 'primary';
      const [index, target] = forRow ? [column, row] : [row, column];
      const leaves = concatBytes(...(forRow ? columnLeaves : rowLeaves));
      const symbol = { index, data, proof: merkleProof(leaves, target) };
      const labelled = { ...symbol, axis, targetSliverIndex: target };
      expect(bytesToHex(encodeDecodingSymbol(symbol))).toBe(decoding);
      expect(bytesToHex(encodeRecoverySymbol(symbol))).toBe(recovery);
      expect(bytesToHex(encodeGeneralRecoverySymbol(labelled))).toBe(general);
      expect(decodeDecodingSymbol(hexToBytes(decoding))).toEqual({ index, data });
      expect(decodeRecoverySymbol(hexToBytes(recovery))).toEqual(symbol);
      expect(decodeGeneralRecoverySymbol(hexToBytes(general))).toEqual(labelled);
      verifyRecoverySymbol({ metadata, geometry, axis, targetSliverIndex: target, symbol });
    };
    check(
      'secondary',
      at.decodingSymbolForSecondaryBcsHex,
      at.recoverySymbolForSecondaryBcsHex,
      at.generalRecoverySymbolFromPrimaryBcsHex,
    );
    check(
      'primary',
      at.decodingSymbolForPrimaryBcsHex,
      at.recoverySymbolForPrimaryBcsHex,
      at.generalRecoverySymbolFromSecondaryBcsHex,
    );
  });
});
