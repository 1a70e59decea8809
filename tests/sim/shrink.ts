import type { SimConfig } from './config.ts';
import type { RunResult } from './run.ts';

type Try = (config: SimConfig) => Promise<RunResult>;

/**
 * Makes a failing run small: it must still break the same promise.
 *
 * @param failing the run's result
 */
export async function shrink(failing: RunResult, attempt: Try): Promise<RunResult> {
  const promise = failing.violation?.promise;
  let best = failing;
  const better = async (config: SimConfig): Promise<boolean> => {
    const result = await attempt(config);
    if (result.violation?.promise !== promise) return false;
    best = result;
    return true;
  };
  for (const fault of failing.config.faults) {
    await better({ ...best.config, faults: best.config.faults.filter((each) => each !== fault) });
  }
  for (
    let blob = failing.config.blobs.length - 1;
    blob >= 0 && best.config.blobs.length > 1;
    blob--
  ) {
    await better({ ...best.config, blobs: best.config.blobs.filter((_, i) => i !== blob) });
  }
  for (const change of SIMPLER) await better({ ...best.config, ...change });
  for (const bad of best.config.badNodes) {
    await better({ ...best.config, badNodes: best.config.badNodes.filter((each) => each !== bad) });
  }
  await withoutMoments(best, (config) => better(config));
  return best;
}

/** The plainest choices, one after the other. */
const SIMPLER: readonly Partial<SimConfig>[] = [
  { weights: [1, 1, 1, 1], badNodes: [] },
  { weights: [1, 1, 1, 1], badNodes: [0] },
  { blobs: [{ bytes: 1, salt: 0 }] },
  { deletable: false },
  { approvals: 'one' },
  { path: 'direct' },
  { spanMs: 5_000 },
];

/** Delta debugging over the moments of trouble: leaves out half of them, then quarters, then each. */
async function withoutMoments(
  { config, moments }: RunResult,
  better: (config: SimConfig) => Promise<boolean>,
): Promise<void> {
  let kept = Array.from({ length: moments }, (_, i) => i).filter(
    (i) => !config.without?.includes(i),
  );
  for (let size = Math.ceil(kept.length / 2); size >= 1 && kept.length > 0; size = size >> 1) {
    for (let at = 0; at < kept.length; ) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      const without = Array.from({ length: moments }, (_, i) => i).filter(
        (i) => !fewer.includes(i),
      );
      if (await better({ ...config, without })) kept = fewer;
      else at += size;
    }
  }
}
