import type { Clock } from '../protocol/ports.ts';

const TICK_MS = 250;
/** when nothing arrives anywhere for so long, others may do better */
const STALL_MS = 2_000;
/** how much longer than the faster half the slower half may take before others join */
const SLOWER = 1.5;

/**
 * Lets nodes in, in the order in which they come, up to the weight that a certificate needs: what goes to the others
 * would only delay it. They follow when one fails or lags, and when the quorum is reached.
 */
export class Gate {
  readonly #weights: readonly number[];
  readonly #target: number;
  readonly #clock: Clock;
  readonly #entered = new Map<number, number>();
  readonly #queue: { index: number; enter(): void }[] = [];
  readonly #ended = new Set<number>();
  /** weight of those inside that did not fail */
  #inside = 0;
  #sent = 0;
  #isOpen = false;
  #beganAt: number | undefined;
  #halfMs: number | undefined;
  #movedAt = 0;

  /** @param target weight that is let in at first */
  constructor(weights: readonly number[], target: number, clock: Clock, signal: AbortSignal) {
    this.#weights = weights;
    this.#target = target;
    this.#clock = clock;
    void this.#watch(signal);
  }

  /** Position among those that were let in; behind all of them for the others. */
  rank(index: number): number {
    return this.#entered.get(index) ?? this.#weights.length;
  }

  /** Whether the node was let in. */
  isInside(index: number): boolean {
    return this.#entered.has(index);
  }

  /** Resolves when the node may be sent its slivers. */
  enter(index: number): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push({ index, enter: resolve });
      this.#admit();
    });
  }

  /** A node took something. */
  moved(): void {
    this.#movedAt = this.#clock.monotonic();
  }

  /** A node has all its slivers. */
  sent(index: number): void {
    if (this.#ended.has(index)) return;
    this.#ended.add(index);
    this.moved();
    if (!this.#entered.has(index)) this.#inside += this.#weightOf(index); // it had them before
    this.#sent += this.#weightOf(index);
    if (2 * this.#sent < this.#target) return;
    this.#halfMs ??= this.#clock.monotonic() - (this.#beganAt ?? this.#clock.monotonic());
  }

  failed(index: number): void {
    if (this.#entered.has(index) || this.#ended.has(index)) this.#inside -= this.#weightOf(index);
    this.#admit();
  }

  /** Lets everybody in. */
  open(): void {
    this.#isOpen = true;
    this.#admit();
  }

  #admit(): void {
    while (this.#queue.length > 0 && (this.#isOpen || this.#inside < this.#target)) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#beganAt ??= this.#clock.monotonic();
      this.#movedAt = this.#clock.monotonic();
      this.#entered.set(next.index, this.#entered.size);
      if (!this.#ended.has(next.index)) this.#inside += this.#weightOf(next.index);
      next.enter();
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    try {
      while (!this.#isOpen) {
        await this.#clock.sleep(TICK_MS, signal);
        if (this.#isLate()) this.open();
      }
    } catch {
      // the round is over
    }
  }

  #isLate(): boolean {
    if (this.#beganAt === undefined) return false;
    const now = this.#clock.monotonic();
    if (now - this.#movedAt > STALL_MS) return true;
    return this.#halfMs !== undefined && now - this.#beganAt > SLOWER * this.#halfMs + TICK_MS;
  }

  #weightOf(index: number): number {
    return this.#weights[index] ?? 0;
  }
}
