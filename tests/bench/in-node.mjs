/** The same cases in Node, where everything runs in the calling thread. */
import { loadModule } from './load-module.mjs';

export async function openNode() {
  const { BlobEncoder } = await import('@mysten/walrus-wasm');
  const { module, close } = await loadModule('cases.ts');
  /** @type {typeof import('./cases.ts')} */
  const { cases } = /** @type {any} */ (module);
  return {
    /**
     * @param {keyof typeof cases} name
     * @param {import('./cases.ts').Size} size
     */
    measure: (name, size) =>
      cases[name](size, /** @type {import('./official.ts').OfficialEncoderClass} */ (BlobEncoder)),
    close,
  };
}
