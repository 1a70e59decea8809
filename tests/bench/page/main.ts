import init, { BlobEncoder } from '@mysten/walrus-wasm';
import officialUrl from '@mysten/walrus-wasm/web/walrus_wasm_bg.wasm?url';
import { createEncoder } from '../../../src/index.ts';
import { cases, type Measured, type Size } from '../cases.ts';

/** What `run.mjs` calls from outside. */
const bench = {
  createEncoder,
  async measure(name: keyof typeof cases, size: Size): Promise<Measured[]> {
    await init({ module_or_path: officialUrl });
    return cases[name](size, BlobEncoder);
  },

  /** Blob ID of the file in the page's input, in milliseconds. */
  async stream(workers: number): Promise<{ ms: number; blobId: string }> {
    const file = document.querySelector('input')?.files?.[0];
    if (file === undefined) throw new Error('no file was chosen');
    const encoder = createEncoder({ workers });
    const begin = performance.now();
    const { blobId } = await encoder.computeBlobId(file, { shardCount: 1000 });
    const ms = performance.now() - begin;
    encoder.close();
    return { ms, blobId };
  },
};

export type Bench = typeof bench;
Object.assign(globalThis, { bench });
