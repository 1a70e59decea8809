import { Code } from './code';
import { Engine } from './engine';
import { forwardFft, inverseFft } from './fft';
import { gather, scatter, selectBlock, selectTail } from './lanes';

/** Two work areas of `Code.chunk` points each; set by `configure`. */
let coefficients: usize = 0;
let values: usize = 0;

export function useEncodeWork(first: usize, second: usize): void {
  coefficients = first;
  values = second;
}

/**
 * Reed-Solomon encodes `lanes` codewords side by side: the given `bytes` of k source symbols
 * become the same bytes of m repair symbols.
 *
 * @param bytes symbol bytes to encode: a multiple of 64, but for the end of a symbol
 * @param source symbol p of lane j lies at `source + p * pointPitch + j * lanePitch`
 * @param target likewise for the repair symbols
 */
export function rsEncode(
  k: u32,
  m: u32,
  lanes: u32,
  bytes: usize,
  source: usize,
  sourcePitch: usize,
  sourceLane: usize,
  target: usize,
  targetPitch: usize,
  targetLane: usize,
): void {
  const whole = bytes & ~63;
  const elements = <u32>(bytes & 63) >> 1;
  for (let lane: u32 = 0; lane < lanes; lane++) {
    for (let offset: usize = 0; offset < whole; offset += 64) {
      selectBlock(lane, offset);
      encodeStripe(k, m, source, sourcePitch, sourceLane, target, targetPitch, targetLane);
    }
  }
  if (elements === 0) return;
  const stripes = (lanes * elements + 31) / 32;
  for (let stripe: u32 = 0; stripe < stripes; stripe++) {
    selectTail(stripe, lanes, whole, elements);
    encodeStripe(k, m, source, sourcePitch, sourceLane, target, targetPitch, targetLane);
  }
}

function encodeStripe(
  k: u32,
  m: u32,
  source: usize,
  sourcePitch: usize,
  sourceLane: usize,
  target: usize,
  targetPitch: usize,
  targetLane: usize,
): void {
  const chunk = Code.chunk(k, m);
  const bytes = (<usize>chunk) << 6;
  if (Code.isHigh(k, m)) {
    for (let first: u32 = 0; first < k; first += chunk) {
      const count = min(chunk, k - first);
      const work = first === 0 ? values : coefficients;
      gather(work, count, source + first * sourcePitch, sourcePitch, sourceLane);
      memory.fill(work + ((<usize>count) << 6), 0, bytes - ((<usize>count) << 6));
      inverseFft(work, chunk, 0, count, first + chunk);
      if (first > 0) Engine.add(values, coefficients, bytes);
    }
    forwardFft(values, chunk, m, 0);
    scatter(values, m, target, targetPitch, targetLane);
    return;
  }
  gather(coefficients, k, source, sourcePitch, sourceLane);
  memory.fill(coefficients + ((<usize>k) << 6), 0, bytes - ((<usize>k) << 6));
  inverseFft(coefficients, chunk, 0, k, 0);
  for (let first: u32 = 0; first < m; first += chunk) {
    const count = min(chunk, m - first);
    memory.copy(values, coefficients, bytes);
    forwardFft(values, chunk, count, first + chunk);
    scatter(values, count, target + first * targetPitch, targetPitch, targetLane);
  }
}
