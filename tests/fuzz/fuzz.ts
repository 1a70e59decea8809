import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHauloutError } from '../../src/protocol/errors.ts';
import { countAllocations } from '../support/allocations.ts';
import { SEED } from '../support/seed.ts';
import { BlockCoverage } from './block-coverage.ts';
import { mutate } from './mutate.ts';
import { Xorshift } from './random.ts';

const BATCH = 200;
const HANG_MS = 50;
const SPARE_BYTES = 1 << 20;
const MINIMISE_MS = 10_000;

/** Something that takes bytes from outside. */
export interface FuzzTarget {
  name: string;
  /** valid inputs to start from */
  seeds: readonly Uint8Array[];
  /** Must return or throw a typed error. Throws any other error where the input breaks a promise. */
  run(input: Uint8Array): void;
}

/**
 * Feeds a target: stored inputs first, then `runs` mutations of a growing set of inputs that reach
 * new blocks of code. A finding is made small, stored in tests/fuzz/corpus and thrown.
 *
 * @returns how many blocks of code were reached, and by how many kept inputs
 */
export async function fuzz(
  target: FuzzTarget,
  runs: number,
): Promise<{ blocks: number; kept: number }> {
  const random = new Xorshift(SEED);
  const coverage = new BlockCoverage('/src/');
  const kept = [...target.seeds, ...storedInputs(target.name)];
  const runAll = (inputs: readonly Uint8Array[]) => {
    for (const input of inputs) check(target, input);
    return coverage.take();
  };
  /** Keeps the inputs of a batch that brought new blocks, by halving it. */
  const bisect = (inputs: readonly Uint8Array[]): void => {
    const ran = runAll(inputs);
    if (!coverage.isNew(ran)) return;
    if (inputs.length === 1) {
      kept.push(...inputs);
      coverage.keep(ran);
      return;
    }
    const middle = inputs.length >> 1;
    bisect(inputs.slice(0, middle));
    bisect(inputs.slice(middle));
  };
  try {
    coverage.keep(runAll(kept));
    for (let done = 0; done < runs; done += BATCH) {
      const pick = () => kept[random.below(kept.length)] ?? new Uint8Array();
      const batch = Array.from({ length: BATCH }, () => mutate(pick(), pick(), random));
      const ran = runAll(batch);
      if (coverage.isNew(ran)) bisect(batch);
      coverage.keep(ran);
      // The runner takes a process that is silent for a minute for dead.
      await new Promise((resume) => setImmediate(resume));
    }
    return { blocks: coverage.blockCount, kept: kept.length };
  } finally {
    coverage.stop();
  }
}

/** Fails the run of a target with the promise that was broken. */
export function promise(kept: boolean, what: string): void {
  if (!kept) throw new Error(`broken: ${what}`);
}

/** What `work` gives, or undefined where it throws a typed error. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isHauloutError(error)) return undefined;
    throw error;
  }
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Runs one input; stores and throws what breaks a promise. */
function check(target: FuzzTarget, input: Uint8Array): void {
  const finding = findingOf(target, input);
  if (finding === undefined) return;
  const small = minimise(target, input);
  const hex = Buffer.from(small).toString('hex');
  const folder = corpusOf(target.name);
  const file = join(folder, `${createHash('sha256').update(hex).digest('hex').slice(0, 12)}.hex`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${hex}\n`);
  throw new Error(`${target.name}: ${finding.message} (seed ${SEED}, stored as ${file})`, {
    cause: finding,
  });
}

/** The promise that an input breaks: only typed errors, no hang, no allocation beyond its size. */
function findingOf(target: FuzzTarget, input: Uint8Array): Error | undefined {
  let fastest = Number.POSITIVE_INFINITY;
  // Time of this process alone: others may take the processor away. And only an input that is slow
  // each time counts.
  for (let attempt = 0; attempt < 4 && fastest > HANG_MS; attempt++) {
    const begin = processorMs();
    const allocated = countAllocations(() => {
      try {
        target.run(input.slice());
      } catch (error) {
        return isHauloutError(error) ? undefined : asError(error);
      }
      return undefined;
    });
    if (allocated.value !== undefined) return allocated.value;
    if (allocated.bytes > 4 * input.length + SPARE_BYTES) {
      return new Error(`${allocated.bytes} bytes allocated for ${input.length}`);
    }
    fastest = Math.min(fastest, processorMs() - begin);
  }
  return fastest > HANG_MS ? new Error(`took ${fastest} ms`) : undefined;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Takes pieces away as long as the input still breaks a promise; gives up being thorough in time. */
function minimise(target: FuzzTarget, input: Uint8Array): Uint8Array {
  const end = performance.now() + MINIMISE_MS;
  let small = input;
  for (let size = input.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at + size <= small.length && performance.now() < end; ) {
      const shorter = new Uint8Array(small.length - size);
      shorter.set(small.subarray(0, at));
      shorter.set(small.subarray(at + size), at);
      if (findingOf(target, shorter) === undefined) at += size;
      else small = shorter;
    }
  }
  return small;
}

function storedInputs(name: string): Uint8Array[] {
  const folder = corpusOf(name);
  const files = readdirSync(join(import.meta.dirname, 'corpus'), { recursive: true }).map(String);
  return files
    .filter((file) => file.startsWith(`${name}/`) && file.endsWith('.hex'))
    .map((file) => readFileSync(join(folder, file.slice(name.length + 1)), 'utf8').trim())
    .map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
}

function corpusOf(name: string): string {
  return join(import.meta.dirname, 'corpus', name);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
