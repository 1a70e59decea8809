import { afterEach, expect, it, vi } from 'vitest';
import { cdp, server } from 'vitest/browser';
import { createEncoder, type EncodeProgress, type Encoder } from '../../src/index.ts';
import { idbPlaces } from '../../src/store/idb-door.ts';
import { opfsPlaces } from '../../src/store/opfs-door.ts';
import { EVERY_CASE, SOAK } from '../support/browser-share.ts';
import { generateInput } from '../support/vectors.ts';

const MIB = 1 << 20;
/** By size in MiB; computed with the whole matrix in one memory, without spill: another path through the code. */
const BLOB_IDS = {
  128: 'hyadap0EkBUOP0Ls7MlUFqkR813BiJvgitH6-UL9jIY',
  1024: 'sJJcBtxNA7pH83p1fUiWCf6R3JA6S0oHu1pN1Be_7Xk',
} as const;

/** A blob that the browser keeps as references to 4 MiB. */
function blobOf(mebibytes: keyof typeof BLOB_IDS): Blob {
  const part = new Blob([generateInput({ kind: 'xorshift32', seed: 1, length: 4 * MIB })]);
  return new Blob(Array.from({ length: mebibytes / 4 }, () => part));
}

/** Lets this origin keep so many bytes; as many as the browser likes without. */
async function setQuota(quotaSize?: number): Promise<void> {
  const size = quotaSize === undefined ? {} : { quotaSize };
  // The driver's own session, whose commands are not typed here.
  const session = cdp() as unknown as { send(command: string, words: object): Promise<unknown> };
  await session.send('Storage.overrideQuotaForOrigin', { origin: location.origin, ...size });
}

let encoder: Encoder;
afterEach(async () => {
  encoder.close();
  vi.restoreAllMocks();
  if (server.browser === 'chromium') await setQuota();
});

// A gibibyte takes half a minute, and goes through the steps of 128 MiB, only more of them.
it.each([
  ['opfs', EVERY_CASE ? 1024 : 128] as const,
  ...(EVERY_CASE ? [['idb', SOAK ? 1024 : 128] as const] : []),
])(
  'streams a large file through two workers, spilling to %s: %i MiB',
  async (kind, mebibytes) => {
    // In a private window there is less room than it says: not for the rows of a gibibyte, 1536 MiB.
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({ quota: 1024 * MIB, usage: 0 });
    encoder = createEncoder({ workers: 2, spill: [kind] });
    const progress: EncodeProgress[] = [];
    const begin = performance.now();
    const summary = await encoder.computeBlobId(blobOf(mebibytes), {
      shardCount: 1000,
      onProgress: (each) => progress.push(each),
    });
    const seconds = (performance.now() - begin) / 1000;
    const speed = `${seconds.toFixed(1)} s, ${(mebibytes / seconds) | 0} MiB/s`;
    console.log(`${mebibytes} MiB, spill to ${kind}: ${speed}`);
    expect(summary.blobId).toBe(BLOB_IDS[mebibytes]);
    expect(progress.length).toBeGreaterThan(5);
    expect(progress.length).toBeLessThan(seconds * 10 + 3);
    expect(await opfsPlaces.list()).toEqual([]);
    expect(await idbPlaces.list()).toEqual([]);
  },
  300_000,
);

it.runIf(server.browser === 'chromium')(
  'reads a large file twice where its rows turn out not to fit on the disk',
  async () => {
    encoder = createEncoder({ workers: 2, spill: ['opfs'] });
    const rows: number[] = [];
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({ quota: 1024 * MIB, usage: 0 });
    await setQuota(120 * MIB); // the rows take 192 MiB, their parity 64
    const { blobId } = await encoder.computeBlobId(blobOf(128), {
      shardCount: 1000,
      onProgress: ({ rowsDone }) => rows.push(rowsDone),
    });
    expect(blobId).toBe(BLOB_IDS[128]);
    expect(rows.some((done, i) => done < (rows[i - 1] ?? 0))).toBe(true); // it began again
    expect(await opfsPlaces.list()).toEqual([]);
  },
  60_000,
);
