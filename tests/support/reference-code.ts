import { divide, EXP, LOG, multiply, vanishing } from './reference-field.ts';

/**
 * The one-dimensional erasure code as a matrix: repair symbol i is the sum over j of
 * `generator[i][j]` times source symbol j. No transform, so that it shares nothing with the kernel.
 */

/** Element vectors, one per symbol. */
export type Elements = Uint16Array;

function levelOf(count: number): number {
  return Math.ceil(Math.log2(count));
}

/** Whether a code puts its repair symbols at the first points (many sources, few repairs). */
export function isHighRate(k: number, m: number): boolean {
  const [a, b] = [levelOf(k), levelOf(m)];
  return a > b || (a === b && k <= m);
}

/**
 * The m x k matrix that makes repair symbols.
 *
 * Low rate: a polynomial runs through the source symbols at points 0, 1, ... and zeros up to the
 * next power of two c; repair symbol i is its value at c + i. High rate: source symbols stand at
 * points c, c + 1, ... in blocks of c, each with its own polynomial; repair symbol i is the sum of
 * their values at i. In both cases the Lagrange basis over a block is V(x) / (D (x - point)), where
 * V vanishes on the block and D, the product of 1 to c - 1, is the same for every point.
 */
export function generatorMatrix(k: number, m: number): readonly Uint16Array[] {
  const key = `${k} ${m}`;
  const known = generators.get(key);
  if (known !== undefined) return known;
  const generator = makeGenerator(k, m);
  generators.set(key, generator);
  return generator;
}

const generators = new Map<string, readonly Uint16Array[]>();

function makeGenerator(k: number, m: number): readonly Uint16Array[] {
  return Array.from({ length: m }, (_, i) => generatorRow(k, m, i));
}

/** Row i of the generator matrix. */
export function generatorRow(k: number, m: number, i: number): Uint16Array {
  const high = isHighRate(k, m);
  const level = levelOf(high ? m : k);
  const c = 1 << level;
  const d = productTo(c);
  const x = high ? i : c + i;
  const row = new Uint16Array(k);
  let scale = 0;
  for (let j = 0; j < k; j++) {
    const point = high ? c + j : j;
    if (j % c === 0) scale = divide(vanishing(level, x ^ point), d);
    row[j] = divide(scale, x ^ point);
  }
  return row;
}

/** Product of the labels 1 to c - 1. */
function productTo(c: number): number {
  const known = products.get(c);
  if (known !== undefined) return known;
  let product = 1;
  for (let a = 1; a < c; a++) product = multiply(product, a);
  products.set(c, product);
  return product;
}

const products = new Map<number, number>();

/** One repair symbol of one field element, from source symbols of one element each. */
export function repairElement(sources: Elements, m: number, i: number): number {
  const row = generatorRow(sources.length, m, i);
  return sources.reduce((sum, source, j) => sum ^ multiply(source, row[j] ?? 0), 0);
}

/** Adds `factor` times `source` to `target`. */
function addMultiple(target: Elements, source: Elements, factor: number): void {
  if (factor === 0) return;
  const shift = LOG[factor] ?? 0;
  for (let i = 0; i < source.length; i++) {
    const label = source[i] as number;
    if (label === 0) continue;
    const sum = (LOG[label] as number) + shift;
    target[i] = (target[i] as number) ^ (EXP[sum >= 65_535 ? sum - 65_535 : sum] as number);
  }
}

export function encodeElements(sources: readonly Elements[], m: number): Elements[] {
  return generatorMatrix(sources.length, m).map((row) => {
    const repair = new Uint16Array(sources[0]?.length ?? 0);
    sources.forEach((source, j) => {
      addMultiple(repair, source, row[j] ?? 0);
    });
    return repair;
  });
}

/**
 * All k source symbols from any k of the k + m symbols, by Gaussian elimination.
 *
 * @param known symbols by index: below k a source symbol, else a repair symbol
 */
export function decodeElements(
  k: number,
  m: number,
  known: ReadonlyMap<number, Elements>,
): Elements[] {
  const generator = generatorMatrix(k, m);
  const rows = [...known]
    .slice(0, k)
    .map(([index, value]): { factors: Elements; value: Elements } => {
      const unit = new Uint16Array(k);
      if (index < k) unit[index] = 1;
      return {
        factors: index < k ? unit : (generator[index - k]?.slice() ?? unit),
        value: value.slice(),
      };
    });
  if (rows.length < k) throw new Error('not enough symbols');
  for (let column = 0; column < k; column++) {
    const at = rows.findIndex((row, i) => i >= column && row.factors[column] !== 0);
    const pivot = rows[at];
    if (pivot === undefined) throw new Error('symbols depend on each other');
    rows[at] = rows[column] as typeof pivot;
    rows[column] = pivot;
    const inverse = divide(1, pivot.factors[column] ?? 1);
    pivot.factors = scaled(pivot.factors, inverse);
    pivot.value = scaled(pivot.value, inverse);
    for (const row of rows) {
      const factor = row.factors[column] ?? 0;
      if (row === pivot || factor === 0) continue;
      addMultiple(row.factors, pivot.factors, factor);
      addMultiple(row.value, pivot.value, factor);
    }
  }
  return rows.map((row) => row.value);
}

function scaled(values: Elements, factor: number): Elements {
  return values.map((value) => multiply(value, factor));
}

/**
 * The field elements in a symbol. Blocks of 64 bytes hold 32 low bytes and then their 32 high
 * bytes; what is left at the end is halved the same way.
 */
export function toElements(symbol: Uint8Array): Elements {
  const elements = new Uint16Array(symbol.length / 2);
  for (let i = 0; i < elements.length; i++) {
    const [low, high] = positions(i, symbol.length);
    elements[i] = (symbol[low] ?? 0) | ((symbol[high] ?? 0) << 8);
  }
  return elements;
}

export function toSymbol(elements: Elements): Uint8Array {
  const symbol = new Uint8Array(elements.length * 2);
  elements.forEach((element, i) => {
    const [low, high] = positions(i, symbol.length);
    symbol[low] = element & 255;
    symbol[high] = element >> 8;
  });
  return symbol;
}

function positions(element: number, symbolBytes: number): [low: number, high: number] {
  const block = Math.floor(element / 32) * 64;
  const half = Math.min(64, symbolBytes - block) / 2;
  const low = block + (element % 32);
  return [low, low + half];
}

/** Repair symbols of source symbols, as bytes. */
export function encodeSymbols(sources: readonly Uint8Array[], m: number): Uint8Array[] {
  return encodeElements(sources.map(toElements), m).map(toSymbol);
}

/** `decodeElements` over bytes. */
export function decodeSymbols(
  k: number,
  m: number,
  known: ReadonlyMap<number, Uint8Array>,
): Uint8Array[] {
  const elements = new Map([...known].map(([index, symbol]) => [index, toElements(symbol)]));
  return decodeElements(k, m, elements).map(toSymbol);
}
