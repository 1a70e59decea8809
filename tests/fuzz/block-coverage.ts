import { Session } from 'node:inspector';

interface CoverageRange {
  startOffset: number;
  endOffset: number;
  count: number;
}

interface ScriptCoverage {
  url: string;
  functions: { ranges: CoverageRange[] }[];
}

/** Which characters of the code under test have run, as V8 counts them. */
export class BlockCoverage {
  readonly #session = new Session();
  readonly #underTest: string;
  readonly #seen = new Map<string, Set<number>>();

  /** @param underTest part of the paths to watch, such as `/src/protocol/` */
  constructor(underTest: string) {
    this.#underTest = underTest;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    this.take();
  }

  /** What ran since the last call: characters that start a block, per script. */
  take(): Map<string, Set<number>> {
    const ran = new Map<string, Set<number>>();
    this.#session.post('Profiler.takePreciseCoverage', (error, coverage) => {
      if (error !== null) throw error;
      for (const { url, functions } of coverage.result as ScriptCoverage[]) {
        if (!url.includes(this.#underTest)) continue;
        const starts = ran.get(url) ?? new Set<number>();
        for (const { ranges } of functions) {
          for (const range of ranges) if (range.count > 0) starts.add(range.startOffset);
        }
        ran.set(url, starts);
      }
    });
    return ran;
  }

  /** Whether `ran` holds anything that `keep` has not seen yet. */
  isNew(ran: Map<string, Set<number>>): boolean {
    return [...ran].some(([url, starts]) => {
      const seen = this.#seen.get(url);
      return seen === undefined ? starts.size > 0 : [...starts].some((at) => !seen.has(at));
    });
  }

  keep(ran: Map<string, Set<number>>): void {
    for (const [url, starts] of ran) {
      const seen = this.#seen.get(url) ?? new Set<number>();
      for (const at of starts) seen.add(at);
      this.#seen.set(url, seen);
    }
  }

  get blockCount(): number {
    return [...this.#seen.values()].reduce((sum, { size }) => sum + size, 0);
  }

  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }
}
