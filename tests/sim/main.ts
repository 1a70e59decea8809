import { drawConfig, type SimConfig } from './config.ts';
import { hopelessStory } from './hopeless-story.ts';
import { putStory } from './put-story.ts';
import { readStory } from './read-story.ts';
import { type RunResult, run } from './run.ts';
import { shrink } from './shrink.ts';
import { storeStory } from './store-story.ts';
import type { Story } from './story.ts';

export const STORIES: Readonly<Record<string, Story>> = {
  put: { begin: putStory },
  store: { begin: storeStory },
  hopeless: { begin: hopelessStory },
  read: readStory,
};

/** A run that is kept: what it is made of, and the promise that it once broke. */
export interface SimCase {
  readonly story: string;
  readonly config: SimConfig;
}

export type Given = Partial<SimConfig>;

export interface SeedReport {
  readonly story: string;
  readonly seed: string;
  readonly steps: number;
  readonly virtualMs: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly violation?: { readonly promise: string; readonly message: string };
  /** of a failure */
  readonly config?: SimConfig;
  readonly lines?: readonly string[];
}

/** One seed in so many runs twice: both must give the same trace. */
const TWICE = 50;

function storyOf(name: string): Story {
  const story = STORIES[name];
  if (story === undefined) throw new RangeError(`there is no story ${name}`);
  return story;
}

function configOf(name: string, seed: number): SimConfig {
  const { draw = drawConfig } = storyOf(name);
  return draw(String(seed));
}

/** @param given parts of the configuration that are not drawn */
export async function runSeed(name: string, seed: number, given?: Given): Promise<SeedReport> {
  const config = { ...configOf(name, seed), ...given };
  const first = await run(config, storyOf(name));
  if (seed % TWICE === 0) {
    const second = await run(config, storyOf(name));
    if (second.traceHash !== first.traceHash) {
      const message = `${first.traceHash} and ${second.traceHash} after ${first.steps} and ${second.steps} steps`;
      return { ...report(name, first), violation: { promise: 'determinism', message }, config };
    }
  }
  return report(name, first);
}

export async function runCase({ story, config }: SimCase): Promise<SeedReport> {
  return report(story, await run(config, storyOf(story)));
}

export async function trace(name: string, seed: number, given?: Given): Promise<SeedReport> {
  return report(name, await run({ ...configOf(name, seed), ...given }, storyOf(name), console.log));
}

/** @returns the smallest failing case that was found, or undefined if the seed does not fail */
export async function shrinkSeed(
  name: string,
  seed: number,
  given?: Given,
): Promise<SimCase | undefined> {
  const attempt = (config: SimConfig) => run(config, storyOf(name));
  const failing = await attempt({ ...configOf(name, seed), ...given });
  if (failing.violation === undefined) return undefined;
  const { config } = await shrink(failing, attempt);
  return { story: name, config };
}

function report(story: string, result: RunResult): SeedReport {
  const { config, steps, virtualMs, counts, violation, lines } = result;
  const common = { story, seed: config.seed, steps, virtualMs, counts: Object.fromEntries(counts) };
  if (violation === undefined) return common;
  const { promise, message } = violation;
  return { ...common, violation: { promise, message }, config, lines };
}
