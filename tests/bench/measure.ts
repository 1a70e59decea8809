/** Runs a piece of work and gives its time in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

interface Contestant {
  readonly name: string;
  /** runs per round; more for the faster one, whose minimum is disturbed more easily */
  readonly repeats: number;
  run(): unknown;
}

/**
 * Lets contestants run in turns, so that a busy moment of the machine meets all of them.
 *
 * @returns the least time of each, in milliseconds
 */
export async function interleaved(
  rounds: number,
  contestants: readonly Contestant[],
): Promise<Map<string, number>> {
  const least = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, repeats, run } of contestants) {
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        const time = await timed(run);
        least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, time));
      }
    }
  }
  return least;
}
