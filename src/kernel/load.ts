import type { Engine } from './abi.ts';
import { supportedEngine } from './supported-engine.ts';

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
