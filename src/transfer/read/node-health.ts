import type { Clock } from '../../protocol/ports.ts';

/** How much a new answer counts against those before it. */
const WEIGHT = 0.2;
/** taken until something is measured */
const UNKNOWN_MS = 300;
const UNKNOWN_BYTES_PER_MS = 200;
/** An answer is late when it takes so much longer than usual. */
const USUAL_TIMES = 3;
const SPREAD_TIMES = 4;
const LEAST_PATIENCE_MS = 100;
const MOST_PATIENCE_MS = 5_000;
/** After a failure a node rests, each time twice as long. */
const REST_MS = 1_000;
const LIAR_REST_MS = 30_000;
const MOST_REST_MS = 120_000;

interface Known {
  /** until the answer's end, without what its length costs */
  readonly ms: number;
  readonly spreadMs: number;
  /** failures since the last answer */
  readonly failures: number;
  readonly lies: number;
  readonly restsUntil: number;
  /** the last time that it answered, or was found to say nothing at all */
  readonly answeredAt: number;
  readonly silentAt: number;
  /** whether it owes an answer for longer than it should, and gave no other meanwhile */
  readonly isLate: boolean;
}

const NEVER = Number.NEGATIVE_INFINITY;
const NEW: Known = {
  ...{ ms: Number.NaN, spreadMs: 0, failures: 0, lies: 0, restsUntil: 0 },
  ...{ answeredAt: NEVER, silentAt: NEVER, isLate: false },
};

/** What is known of how fast and how honest nodes are, from what they did. By any name that is theirs alone. */
export class NodeHealth {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #known = new Map<string, Known>();
  /** who waits for a node and wants to know when it is late */
  readonly #waiting = new Map<string, Set<() => void>>();
  #bytesPerMs = UNKNOWN_BYTES_PER_MS;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** A node answered, whatever it was, so many milliseconds after it was asked. */
  answered(node: string, ms: number, bytes: number): void {
    const known = this.#of(node);
    if (bytes > 64 << 10 && ms > 0) {
      this.#bytesPerMs += WEIGHT * (bytes / ms - this.#bytesPerMs);
    }
    const own = Math.max(0, ms - bytes / this.#bytesPerMs);
    const usual = Number.isNaN(known.ms) ? own : known.ms + WEIGHT * (own - known.ms);
    const spreadMs = known.spreadMs + WEIGHT * (Math.abs(own - usual) - known.spreadMs);
    const answeredAt = this.#clock.monotonic();
    const now = { answeredAt, isLate: false };
    this.#known.set(node, { ...known, ms: usual, spreadMs, failures: 0, ...now });
  }

  /** An answer that was asked for at `since` takes longer than it should: so will all that wait behind it. */
  late(node: string, since: number): void {
    const known = this.#of(node);
    if (known.answeredAt > since) return;
    this.#known.set(node, { ...known, isLate: true });
    for (const tell of [...(this.#waiting.get(node) ?? [])]) tell();
  }

  /** A node said nothing until nobody waited any longer. */
  silent(node: string): void {
    this.failed(node);
    this.#known.set(node, { ...this.#of(node), silentAt: this.#clock.monotonic() });
  }

  /**
   * Calls `tell` when a node is late, at once if it is.
   *
   * @returns ends that
   */
  whenLate(node: string, tell: () => void): () => void {
    const waiting = this.#waiting.get(node) ?? new Set();
    this.#waiting.set(node, waiting.add(tell));
    if (this.#of(node).isLate) tell();
    return () => waiting.delete(tell);
  }

  /** Whether a node was found silent after `since`, and has not answered from then on. */
  isSilentSince(node: string, since: number): boolean {
    const { silentAt, answeredAt } = this.#of(node);
    return silentAt >= since && silentAt > answeredAt;
  }

  /** A node could not be reached, broke off, or was overloaded. */
  failed(node: string): void {
    const known = this.#of(node);
    const restMs = Math.min(MOST_REST_MS, REST_MS * 2 ** known.failures);
    const restsUntil = Math.max(known.restsUntil, this.#clock.monotonic() + restMs);
    this.#known.set(node, { ...known, failures: known.failures + 1, restsUntil });
  }

  /** A node gave something else than what it was asked for. */
  lied(node: string): void {
    const known = this.#of(node);
    const restMs = Math.min(MOST_REST_MS, LIAR_REST_MS * 2 ** known.lies);
    const restsUntil = Math.max(known.restsUntil, this.#clock.monotonic() + restMs);
    this.#known.set(node, { ...known, lies: known.lies + 1, restsUntil });
  }

  /** Whether others should be asked before this node. */
  isDoubtful(node: string): boolean {
    return this.isResting(node) || this.#of(node).isLate;
  }

  /** Whether a node has answered, and nothing speaks against it since. */
  isProven(node: string): boolean {
    return !Number.isNaN(this.#of(node).ms) && !this.isDoubtful(node);
  }

  /** Whether a node failed or lied lately: it is asked only when nobody else can help. */
  isResting(node: string): boolean {
    return this.#of(node).restsUntil > this.#clock.monotonic();
  }

  /** How long an answer of `bytes` may take before somebody else is asked as well. */
  patienceMs(node: string, bytes: number): number {
    const { ms, spreadMs } = this.#of(node);
    const usual = Number.isNaN(ms) ? UNKNOWN_MS : ms;
    const patience = USUAL_TIMES * usual + SPREAD_TIMES * spreadMs + this.#lengthMs(bytes);
    return Math.min(MOST_PATIENCE_MS, Math.max(LEAST_PATIENCE_MS, patience));
  }

  /** Nodes in the order in which they should be asked; those of which nothing is known come as if usual. */
  ranked<T>(nodes: readonly T[], nameOf: (node: T) => string): readonly T[] {
    const cost = (node: T) => {
      const { ms, lies } = this.#of(nameOf(node));
      const doubt = this.isDoubtful(nameOf(node)) ? MOST_REST_MS : 0;
      return (Number.isNaN(ms) ? UNKNOWN_MS : ms) + doubt + lies * LIAR_REST_MS;
    };
    return nodes
      .map((node) => ({ node, cost: cost(node) }))
      .sort((a, b) => a.cost - b.cost)
      .map(({ node }) => node);
  }

  #lengthMs(bytes: number): number {
    return (USUAL_TIMES * bytes) / this.#bytesPerMs;
  }

  #of(node: string): Known {
    return this.#known.get(node) ?? NEW;
  }
}
