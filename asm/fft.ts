import { Engine } from './engine';

/**
 * Additive FFT (Lin, Chung, Han) over stripes of 64-byte points.
 *
 * In Cantor coordinates the factor of a butterfly of half-width 2^layer whose group starts at the
 * point with label x is the label `x >> layer`: the normalised subspace polynomials of this basis
 * only shift coordinates. No table of twiddles is needed.
 */

/** First layer from which on every factor below `end` lies in the subfield GF(2^8). */
function subfieldLayer(end: u32): u32 {
  let layer: u32 = 0;
  while ((end - 1) >> layer > 255) layer++;
  return layer;
}

/**
 * Coefficients to values at the points `delta .. delta + live`.
 *
 * @param work `size` points, 16-byte aligned; outputs past `live` are left undefined
 * @param size a power of two
 * @param live wanted outputs, 1 .. size
 * @param delta label of the first point, a multiple of `size`
 */
export function forwardFft(work: usize, size: u32, live: u32, delta: u32): void {
  const bottom = min(subfieldLayer(delta + size), <u32>ctz(size));
  let layer = <u32>ctz(size);
  if ((layer - bottom) & 1) forwardLayer(work, --layer, live, delta);
  while (layer > bottom) {
    layer -= 2;
    const half: u32 = 1 << layer;
    for (let group: u32 = 0; group < live; group += 4 * half) {
      const factor = (group + delta) >> layer;
      const at = work + ((<usize>group) << 6);
      Engine.forward4(at, (<usize>half) << 6, factor >> 1, factor, factor + 2);
    }
  }
  while (layer > 0) forwardLayer(work, --layer, live, delta);
}

function forwardLayer(work: usize, layer: u32, live: u32, delta: u32): void {
  const half: u32 = 1 << layer;
  const bytes = (<usize>half) << 6;
  for (let group: u32 = 0; group < live; group += 2 * half) {
    const at = work + ((<usize>group) << 6);
    Engine.forward(at, at + bytes, bytes, (group + delta) >> layer);
  }
}

/**
 * Values at the points `delta .. delta + size` to coefficients.
 *
 * @param work `size` points, 16-byte aligned; inputs before `from` and from `live` on must be zero
 * @param size a power of two
 * @param from, live inputs that may differ from zero: `from .. live`, at least one
 * @param delta label of the first point, a multiple of `size`
 */
export function inverseFft(work: usize, size: u32, from: u32, live: u32, delta: u32): void {
  const top = <u32>ctz(size);
  const bottom = min(subfieldLayer(delta + size), top);
  let layer: u32 = 0;
  while (layer < bottom) inverseLayer(work, layer++, from, live, delta);
  while (layer + 2 <= top) {
    const half: u32 = 1 << layer;
    for (let group = from & ~(4 * half - 1); group < live; group += 4 * half) {
      const factor = (group + delta) >> layer;
      const at = work + ((<usize>group) << 6);
      Engine.inverse4(at, (<usize>half) << 6, factor >> 1, factor, factor + 2);
    }
    layer += 2;
  }
  if (layer < top) inverseLayer(work, layer, from, live, delta);
}

function inverseLayer(work: usize, layer: u32, from: u32, live: u32, delta: u32): void {
  const half: u32 = 1 << layer;
  const bytes = (<usize>half) << 6;
  for (let group = from & ~(2 * half - 1); group < live; group += 2 * half) {
    const at = work + ((<usize>group) << 6);
    Engine.inverse(at, at + bytes, bytes, (group + delta) >> layer);
  }
}
