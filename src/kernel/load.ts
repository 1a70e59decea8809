import type { Engine } from './abi.ts';

/** A module of one function that adds two vectors: valid exactly where 128-bit SIMD is. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 5, 1, 96, 0, 1, 123], // type: () -> v128
  ...[3, 2, 1, 0], // one function of it
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11], // i32.const 0, i8x16.splat, i8x16.popcnt
);

/** The best engine that this browser or Node can run. */
export function supportedEngine(): Engine {
  return WebAssembly.validate(SIMD_PROBE) ? 'simd' : 'scalar';
}

/**
 * Compiles the kernel; once per thread is enough, instances are cheap.
 *
 * The module travels inside a script chunk, so it needs no request of its own, works offline, and
 * loads alike in workers, pages and Node.
 *
 * @param o.engine forces a build; by default the best supported one
 * @throws WebAssembly.CompileError where a policy forbids WebAssembly
 */
export async function loadKernel(o: { engine?: Engine } = {}): Promise<WebAssembly.Module> {
  const engine = o.engine ?? supportedEngine();
  const { default: base64 } =
    engine === 'simd' ? await import('virtual:kernel-simd') : await import('virtual:kernel-scalar');
  return WebAssembly.compile(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
}
