import { aggregateSignatures, type Certificate, verifyAggregate } from '../protocol/certificate.ts';
import { type Committee, quorumWeight, weightOf } from '../protocol/committee.ts';

/**
 * Signatures of members over one message. They are verified together, which costs about as much as verifying one;
 * only when that fails, halves are tried until the wrong ones are found.
 */
export class Confirmations {
  readonly #committee: Committee;
  readonly #message: Uint8Array;
  readonly #waiting = new Map<number, Uint8Array>();
  readonly #good = new Map<number, Uint8Array>();

  /** @param message what every member has to have signed */
  constructor(committee: Committee, message: Uint8Array) {
    this.#committee = committee;
    this.#message = message;
  }

  /** Shards of members whose signatures were verified. */
  get weight(): number {
    return weightOf(this.#committee, this.#good.keys());
  }

  /** Shards of all members that gave a signature, verified or not. */
  get claimedWeight(): number {
    return this.weight + weightOf(this.#committee, this.#waiting.keys());
  }

  get isQuorum(): boolean {
    return this.weight >= quorumWeight(this.#committee.shardCount);
  }

  /** A member's signature, verified or not. */
  signature(index: number): Uint8Array | undefined {
    return this.#good.get(index) ?? this.#waiting.get(index);
  }

  /** Takes a signature over the message; it counts after `settle`. */
  add(index: number, signature: Uint8Array): void {
    if (!this.#good.has(index)) this.#waiting.set(index, signature);
  }

  /** Verifies what is not verified yet. @returns members, by how their signatures turned out */
  settle(): { readonly good: readonly number[]; readonly bad: readonly number[] } {
    const all = [...this.#waiting.keys()];
    const good = this.#goodOf(all);
    const isGood = new Set(good);
    for (const index of good) this.#good.set(index, this.#waiting.get(index) as Uint8Array);
    this.#waiting.clear();
    return { good, bad: all.filter((index) => !isGood.has(index)) };
  }

  /** Of everything that is verified. The contract takes it if `isQuorum`. */
  certificate(): Certificate {
    const signers = [...this.#good.keys()].sort((a, b) => a - b);
    return this.#certificateOf(signers, this.#good);
  }

  #goodOf(indices: readonly number[]): readonly number[] {
    if (indices.length === 0 || this.#isGood(indices)) return indices;
    if (indices.length === 1) return [];
    const half = indices.length >> 1;
    return [...this.#goodOf(indices.slice(0, half)), ...this.#goodOf(indices.slice(half))];
  }

  #isGood(indices: readonly number[]): boolean {
    try {
      return verifyAggregate(this.#committee, this.#certificateOf(indices, this.#waiting));
    } catch {
      return false; // one of them is not even a point
    }
  }

  #certificateOf(signers: readonly number[], from: ReadonlyMap<number, Uint8Array>): Certificate {
    const parts = signers.map((index) => from.get(index) as Uint8Array);
    return { signers, message: this.#message, signature: aggregateSignatures(parts) };
  }
}
