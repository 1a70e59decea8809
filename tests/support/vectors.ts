import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** How to make the bytes of an input; tests/fixtures/README.md tells each kind. */
export type InputDescription =
  | { kind: 'xorshift32'; seed: number; length: number }
  | { kind: 'repeat'; byte: number; length: number }
  | { kind: 'counter'; length: number };

export interface BlobCase {
  id: string;
  nShards: number;
  input: InputDescription;
  inputSha256: string;
  blobSize: number;
  primarySourceSymbols: number;
  secondarySourceSymbols: number;
  symbolSize: number;
  primarySliverBytes: number;
  secondarySliverBytes: number;
  encodedLength: number;
  blobId: string;
  blobIdHex: string;
  blobIdU256: string;
  rootHash: string;
  rotationOffset: number;
  pairHashesSha256: string;
  metadataBcsLength: number;
  metadataBcsSha256: string;
  metadataWithIdBcsSha256: string;
  metadataBcsHex?: string;
  primarySliversBcsSha256: string;
  secondarySliversBcsSha256: string;
  primarySliverSha256?: string[];
  secondarySliverSha256?: string[];
  primarySliverSha256Prefix8?: string[];
  secondarySliverSha256Prefix8?: string[];
}

interface ReconstructCase {
  id: string;
  nShards: number;
  input: InputDescription;
  blobSize: number;
}

export interface DecodeCase extends ReconstructCase {
  blobId: string;
  axis: 'primary' | 'secondary';
  mode: string;
  keptSliverIndices: number[];
  keptSliversBcsSha256: string;
  expectedSha256: string;
}

export interface RecoverCase extends ReconstructCase {
  blobId: string;
  targetAxis: 'primary' | 'secondary';
  targetSliverIndex: number;
  helperAxis: 'primary' | 'secondary';
  helperSliverIndices: number[];
  expectedSliverBcsSha256: string;
}

export interface CorruptCase extends ReconstructCase {
  blobId: string;
  axis: 'primary' | 'secondary';
  offeredSliverIndices: number[];
  corrupt: { sliverIndex: number; dataByteOffset: number; xor: number }[];
  expectRejectedSliverIndices: number[];
  expectedSha256: string;
}

export interface RangeCase extends ReconstructCase {
  start: number;
  length: number;
  primarySliverIndices: number[];
  secondarySliverIndices?: number[];
  expectedSha256: string;
}

export interface RsCase {
  k: number;
  m: number;
  shardBytes: number;
  seed: number;
  high: boolean;
  dataHex?: string;
  recoveryHex?: string[];
  recoverySha256?: string;
}

interface Table {
  length: number;
  sha256OfU16LE: string;
  first24: number[];
  last4: number[];
  samples: [index: number, value: number][];
}

export interface TinyCase {
  nShards: number;
  blobHex: string;
  symbolSize: number;
  expandedMatrixHex: string[][];
  leafHash00: string;
  primaryHashes: string[];
  secondaryHashesByPair: string[];
  rootHash: string;
  blobIdHex: string;
  metadataBcsHex: string;
  metadataWithIdBcsHex: string;
  primarySliverBcsHex: string[];
  secondarySliverBcsHexByPair: string[];
  symbolAt: {
    primarySliverIndex: number;
    secondarySliverIndex: number;
    dataHex: string;
    decodingSymbolForSecondaryBcsHex: string;
    recoverySymbolForSecondaryBcsHex: string;
    generalRecoverySymbolFromPrimaryBcsHex: string;
    decodingSymbolForPrimaryBcsHex: string;
    recoverySymbolForPrimaryBcsHex: string;
    generalRecoverySymbolFromSecondaryBcsHex: string;
  };
}

/** The content of each file in tests/fixtures that something here reads. */
export interface Fixtures {
  blobid: {
    cases: { hex: string; string: string; u256Decimal: string }[];
    invalidStrings: string[];
  };
  blobs: { cases: BlobCase[] };
  generator: { xorshift32: { seed: number; first16Hex: string; sha256_1000: string }[] };
  mapping: {
    cases: {
      blobIdHex: string;
      nShards: number;
      offset: number;
      pairToShard: [pair: number, shard: number][];
      shardToPair: [shard: number, pair: number][];
      secondaryIndexOfPair: [pair: number, index: number][];
    }[];
  };
  merkle: {
    cases: {
      leafCount: number;
      root: string;
      leaf0?: string;
      proofs: { index: number; pathBcsHex: string }[];
    }[];
  };
  'move-chain': {
    encoded: [bytes: number, shards: number, encoded: string][];
    blob_id: { root_hash_u256: string; size: number; blob_id_u256: string }[];
  };
  params: {
    byN: {
      nShards: number;
      maxFaulty: number;
      primarySourceSymbols: number;
      secondarySourceSymbols: number;
      primaryRate: { k: number; m: number; high: boolean };
      secondaryRate: { k: number; m: number; high: boolean };
      maxBlobSize: number;
      metadataBytes: number;
      sizes: {
        blobSize: number;
        symbolSize: number;
        primarySliverBytes: number;
        secondarySliverBytes: number;
        encodedLength: number;
      }[];
    }[];
  };
  reconstruct: {
    decode: DecodeCase[];
    recoverSliver: RecoverCase[];
    corrupt: CorruptCase[];
    rangeRead: RangeCase[];
  };
  rs: { cases: RsCase[] };
  tables: {
    LOG: Table;
    EXP: Table;
    SKEW: Table;
    LOGWALSH: Table;
    products: { a: number; b: number; product: number }[];
  };
  tiny: { cases: TinyCase[] };
}

// Read as text: the compiler would otherwise infer a type from megabytes of literals.
const FILES = import.meta.glob<string>('../fixtures/*.json', { query: '?raw', import: 'default' });

/** Loads one file of tests/fixtures, in Node and in browsers alike. */
export async function loadFixture<Name extends keyof Fixtures>(
  name: Name,
): Promise<Fixtures[Name]> {
  const load = FILES[`../fixtures/${name}.json`];
  if (load === undefined) throw new Error(`no fixture ${name}`);
  return JSON.parse(await load()) as Fixtures[Name];
}

/** Makes the bytes that a description stands for. */
export function generateInput(description: InputDescription): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(description.length);
  if (description.kind === 'repeat') return bytes.fill(description.byte);
  if (description.kind === 'counter') return bytes.map((_, i) => i & 255);
  let state = description.seed | 0;
  for (let i = 0; i < bytes.length; i++) {
    if (i % 4 === 0) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    bytes[i] = state >>> (8 * (i % 4));
  }
  return bytes;
}

/** SHA-256 over parts one after another, in lower-case hex. Slow: Node tests have `sha256Of`. */
export function sha256Hex(...parts: Uint8Array[]): string {
  const hash = sha256.create();
  for (const part of parts) hash.update(part);
  return bytesToHex(hash.digest());
}
