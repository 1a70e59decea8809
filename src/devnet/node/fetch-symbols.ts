import type { Axis } from '../../protocol/axis.ts';
import { ByteReader } from '../../protocol/byte-reader.ts';
import { HASH_BYTES } from '../../protocol/metadata.ts';
import type { NodeCore } from './core.ts';
import type { FactMember } from './facts.ts';
import { fetchBytes } from './peers.ts';

/** Symbols that a peer is asked for: where its slivers cross those that are missing. */
export interface WantedSymbols {
  readonly blobId: string;
  /** of the missing slivers */
  readonly axis: Axis;
  readonly targets: readonly number[];
  /** indices of the peer's slivers on the other axis */
  readonly sources: readonly number[];
}

/** A symbol as a peer gave it, not verified. */
export interface FetchedSymbol {
  readonly target: number;
  readonly source: number;
  readonly data: Uint8Array;
  /** BCS RecoverySymbol, where it came with a proof */
  readonly withProof: Uint8Array | undefined;
}

/** Symbols of one request: what the address of a request can hold. */
export const SYMBOLS_PER_REQUEST = 800;

/** Symbols of the wanted places, with proofs. */
export async function fetchRecoverySymbols(
  core: NodeCore,
  peer: FactMember,
  { blobId, axis, targets, sources }: WantedSymbols,
): Promise<FetchedSymbol[]> {
  const isPrimary = axis === 'primary';
  // Source by source: what is asked in one request, the peer cuts out of a sliver in one go.
  const ids = sources.flatMap((source) =>
    targets.map((target) => (isPrimary ? `id=${target}-${source}` : `id=${source}-${target}`)),
  );
  const proofAxis = isPrimary ? 'secondary' : 'primary';
  const found: FetchedSymbol[] = [];
  for (let at = 0; at < ids.length; at += SYMBOLS_PER_REQUEST) {
    const query = ids.slice(at, at + SYMBOLS_PER_REQUEST).join('&');
    const path = `/v1/blobs/${blobId}/recoverySymbols?proofAxis=${proofAxis}&${query}`;
    found.push(
      ...read(await fetchBytes(core, peer, path), (reader) => recoverySymbols(reader, axis)),
    );
  }
  return found;
}

/** Symbols of source slivers, without proofs, of all slivers that the peer has: it need not compute anything for them. */
export async function fetchDecodingSymbols(
  core: NodeCore,
  peer: FactMember,
  { blobId, axis, targets }: Omit<WantedSymbols, 'sources'>,
): Promise<FetchedSymbol[]> {
  const query = targets.map((target) => `targetSlivers=${target}`).join('&');
  const path = `/v1/blobs/${blobId}/decodingSymbols?targetType=${axis}&${query}`;
  return read(await fetchBytes(core, peer, path), (reader) => decodingSymbols(reader, axis));
}

/** What can be read of a body; nothing if it is something else. */
function read(
  body: Uint8Array | undefined,
  parse: (reader: BodyReader) => FetchedSymbol[],
): FetchedSymbol[] {
  if (body === undefined) return [];
  try {
    return parse(new BodyReader(body));
  } catch {
    return []; // whatever it was, it is of no use
  }
}

/** Reads a body, and gives back what lies between two places of it. */
class BodyReader extends ByteReader {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super(bytes, 'symbol-malformed');
    this.#bytes = bytes;
  }

  get here(): number {
    return this.#bytes.length - this.left;
  }

  between(begin: number, end: number): Uint8Array {
    return this.#bytes.subarray(begin, end);
  }
}

/** A vector of GeneralRecoverySymbol, of which those for `axis` count. */
function recoverySymbols(reader: BodyReader, axis: Axis): FetchedSymbol[] {
  const found: FetchedSymbol[] = [];
  for (let left = reader.uleb(); left > 0; left--) {
    const isForAxis = reader.uleb() === tagOf(axis);
    const symbolBegin = reader.here;
    const source = reader.u16();
    const data = reader.take(reader.uleb());
    const symbol = reader.between(symbolBegin, reader.here);
    const target = reader.u16();
    const proofBegin = reader.here;
    for (let nodes = reader.uleb(); nodes > 0; nodes--) {
      if (reader.uleb() === 1) reader.take(HASH_BYTES);
    }
    const proof = reader.between(proofBegin, reader.here);
    if (!isForAxis) continue;
    const withProof = new Uint8Array(symbol.length + proof.length);
    withProof.set(symbol);
    withProof.set(proof, symbol.length);
    found.push({ target, source, data, withProof });
  }
  return found;
}

/** A map of target sliver to EitherDecodingSymbol, of which those for `axis` count. */
function decodingSymbols(reader: BodyReader, axis: Axis): FetchedSymbol[] {
  const found: FetchedSymbol[] = [];
  for (let targets = reader.uleb(); targets > 0; targets--) {
    const target = reader.u16();
    for (let left = reader.uleb(); left > 0; left--) {
      const isForAxis = reader.uleb() === tagOf(axis);
      const source = reader.u16();
      const data = reader.take(reader.uleb());
      if (isForAxis) found.push({ target, source, data, withProof: undefined });
    }
  }
  return found;
}

const tagOf = (axis: Axis) => (axis === 'primary' ? 0 : 1);
