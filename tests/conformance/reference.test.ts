import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { sha256Of } from '../support/node-hash.ts';
import {
  referenceDecode,
  referenceEncode,
  referenceLeaf,
  referenceProof,
  referenceRecover,
  referenceRoot,
} from '../support/reference.ts';
import { decodeSymbols, encodeSymbols, isHighRate } from '../support/reference-code.ts';
import { EXP, LOG, logWalshTable, multiply, skewTable } from '../support/reference-field.ts';
import { SOAK } from '../support/seed.ts';
import { generateInput, loadFixture } from '../support/vectors.ts';

/** The reference is what property tests trust, so it has to pass the vectors itself. */

const tables = await loadFixture('tables');
const rs = await loadFixture('rs');
const blobs = await loadFixture('blobs');
const tiny = await loadFixture('tiny');
const merkle = await loadFixture('merkle');
const reconstruct = await loadFixture('reconstruct');

const cut = (bytes: Uint8Array, size: number) =>
  Array.from({ length: bytes.length / size }, (_, i) => bytes.slice(i * size, (i + 1) * size));

describe('field', () => {
  it.each([
    ['LOG', LOG],
    ['EXP', EXP],
    ['SKEW', skewTable()],
    ['LOGWALSH', logWalshTable()],
  ] as const)('has the table %s', (name, values) => {
    const expected = tables[name];
    const littleEndian = new Uint8Array(values.length * 2);
    values.forEach((value, i) => {
      littleEndian.set([value & 255, value >> 8], i * 2);
    });
    expect(Array.from(values.subarray(0, 24))).toEqual(expected.first24);
    expect(Array.from(values.subarray(-4))).toEqual(expected.last4);
    for (const [index, value] of expected.samples) expect(values[index]).toBe(value);
    expect(values).toHaveLength(expected.length);
    expect(sha256Of(littleEndian)).toBe(expected.sha256OfU16LE);
  });

  it.each(tables.products)('multiplies $a by $b', ({ a, b, product }) => {
    expect(multiply(a, b)).toBe(product);
  });
});

describe('code', () => {
  it('makes the repair symbols of every case of rs.json', () => {
    // The largest take seconds here; the kernel does all of them.
    const cases = rs.cases.filter((c) => SOAK || c.k * c.m * c.shardBytes < 20e6);
    const differ = cases.filter((c) => {
      const data = generateInput({ kind: 'xorshift32', seed: c.seed, length: c.k * c.shardBytes });
      const repair = encodeSymbols(cut(data, c.shardBytes), c.m);
      const same = c.recoveryHex
        ? c.recoveryHex.join() === repair.map((symbol) => bytesToHex(symbol)).join()
        : c.recoverySha256 === sha256Of(...repair);
      return !same || isHighRate(c.k, c.m) !== c.high;
    });
    expect(rs.cases).toHaveLength(301);
    expect(differ.map(({ seed }) => seed)).toEqual([]);
  });

  it.each([
    [2, 3],
    [5, 4],
    [4, 6],
    [21, 10],
  ])('decodes k = %i, m = %i from the last k symbols', (k, m) => {
    const source = cut(generateInput({ kind: 'xorshift32', seed: 5, length: k * 66 }), 66);
    const all = [...source, ...encodeSymbols(source, m)];
    const known = new Map([...all.entries()].slice(m));
    expect(decodeSymbols(k, m, known)).toEqual(source);
  });
});

it('has the roots and proofs of merkle.json', () => {
  for (const { leafCount, root, proofs } of merkle.cases) {
    const leaves = Array.from({ length: leafCount }, (_, i) =>
      referenceLeaf(Uint8Array.of(i & 255, i >> 8)),
    );
    expect(bytesToHex(referenceRoot(leaves))).toBe(root);
    for (const { index, pathBcsHex } of proofs) {
      expect(bytesToHex(referenceProof(leaves, index))).toBe(pathBcsHex);
    }
  }
});

describe('blob', () => {
  it.each(tiny.cases)('matches the dump of $nShards shards, blob $blobHex', (c) => {
    const encoded = referenceEncode(c.nShards, Buffer.from(c.blobHex, 'hex'));
    const hex = (list: readonly Uint8Array[]) => list.map((bytes) => bytesToHex(bytes));
    expect(encoded.matrix.map(hex)).toEqual(c.expandedMatrixHex);
    expect(hex(encoded.primaryHashes)).toEqual(c.primaryHashes);
    expect(hex(encoded.secondaryHashes).reverse()).toEqual(c.secondaryHashesByPair);
    expect(bytesToHex(encoded.metadata)).toBe(c.metadataBcsHex);
    expect(bytesToHex(concatBytes(encoded.blobId, encoded.metadata))).toBe(c.metadataWithIdBcsHex);
    expect(hex(encoded.primarySlivers)).toEqual(c.primarySliverBcsHex);
    expect(hex(encoded.secondarySlivers)).toEqual(c.secondarySliverBcsHexByPair);
  });

  const small = blobs.cases.filter((c) => c.nShards <= 31 && c.blobSize <= 2000);
  it(`matches the ${small.length} cases of blobs.json up to 31 shards and 2000 bytes`, () => {
    const differ = small.filter((c) => {
      const encoded = referenceEncode(c.nShards, generateInput(c.input));
      return (
        bytesToHex(encoded.blobId) !== c.blobIdHex ||
        bytesToHex(encoded.rootHash) !== c.rootHash ||
        sha256Of(encoded.metadata) !== c.metadataBcsSha256 ||
        sha256Of(...encoded.primarySlivers) !== c.primarySliversBcsSha256 ||
        sha256Of(...encoded.secondarySlivers) !== c.secondarySliversBcsSha256
      );
    });
    expect(small.length).toBeGreaterThan(200);
    expect(differ.map(({ id }) => id)).toEqual([]);
  });

  const decodable = reconstruct.decode.filter((c) => c.nShards <= 16 && c.blobSize <= 5000);
  it(`decodes ${decodable.length} cases of reconstruct.json up to 16 shards`, () => {
    const differ = decodable.filter((c) => {
      const encoded = referenceEncode(c.nShards, generateInput(c.input));
      const data = c.axis === 'primary' ? encoded.primaryData : encoded.secondaryData;
      const kept = new Map([...data.entries()].filter(([i]) => c.keptSliverIndices.includes(i)));
      const blob = referenceDecode(c.nShards, c.blobSize, c.axis, kept);
      return sha256Of(blob) !== c.expectedSha256;
    });
    expect(decodable.length).toBeGreaterThan(30);
    expect(differ.map(({ id }) => id)).toEqual([]);
  });

  const recoverable = reconstruct.recoverSliver.filter((c) => c.nShards <= 13);
  it(`recovers ${recoverable.length} slivers of reconstruct.json up to 13 shards`, () => {
    const differ = recoverable.filter((c) => {
      const { matrix } = referenceEncode(c.nShards, generateInput(c.input));
      const target = c.targetSliverIndex;
      const symbols = c.helperSliverIndices.map((i): [number, Uint8Array] => {
        const cell = c.targetAxis === 'primary' ? matrix[target]?.[i] : matrix[i]?.[target];
        return [i, cell ?? new Uint8Array()];
      });
      const known = new Map(symbols);
      const sliver = referenceRecover(c.nShards, c.blobSize, c.targetAxis, target, known);
      return sha256Of(sliver) !== c.expectedSliverBcsSha256;
    });
    expect(recoverable.length).toBeGreaterThan(30);
    expect(differ.map(({ id }) => id)).toEqual([]);
  });
});
