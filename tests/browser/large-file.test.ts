import { afterEach, expect, it } from 'vitest';
import { createEncoder, type EncodeProgress, type Encoder } from '../../src/index.ts';
import { idbPlaces } from '../../src/store/idb-door.ts';
import { opfsPlaces } from '../../src/store/opfs-door.ts';
import { generateInput } from '../support/vectors.ts';

const MIB = 1 << 20;
/** Computed with the whole matrix in one memory, without spill: another path through the code. */
const GIB_ID = 'sJJcBtxNA7pH83p1fUiWCf6R3JA6S0oHu1pN1Be_7Xk';

/** A gibibyte that the browser keeps as 256 references to 4 MiB. */
function gibibyte(): Blob {
  const input = { kind: 'xorshift32', seed: 1, length: 4 * MIB } as const;
  const part = new Blob([generateInput(input) as Uint8Array<ArrayBuffer>]);
  return new Blob(Array.from({ length: 256 }, () => part));
}

let encoder: Encoder;
afterEach(() => encoder.close());

it.each(['opfs', 'idb'] as const)(
  'streams a gibibyte through two workers, spilling to %s',
  async (kind) => {
    encoder = createEncoder({ workers: 2, spill: [kind] });
    const progress: EncodeProgress[] = [];
    const begin = performance.now();
    const summary = await encoder.computeBlobId(gibibyte(), {
      shardCount: 1000,
      onProgress: (each) => progress.push(each),
    });
    const seconds = (performance.now() - begin) / 1000;
    console.log(`1 GiB, spill to ${kind}: ${seconds.toFixed(1)} s, ${(1024 / seconds) | 0} MiB/s`);
    expect(summary.blobId).toBe(GIB_ID);
    expect(progress.length).toBeGreaterThan(20);
    expect(progress.length).toBeLessThan(seconds * 10 + 3);
    expect(await opfsPlaces.list()).toEqual([]);
    expect(await idbPlaces.list()).toEqual([]);
  },
  300_000,
);
