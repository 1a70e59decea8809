import type { Axis } from '../protocol/axis.ts';
import type { NodeFacts, PutFact } from './put-types.ts';

export interface Place {
  readonly pair: number;
  readonly axis: Axis;
}

/** Slivers as a set of bits, two per pair. */
export class SliverSet {
  readonly #bits: Uint8Array;

  /** @param bits taken over as a copy; shorter is allowed */
  constructor(shardCount: number, bits?: Uint8Array) {
    this.#bits = new Uint8Array(Math.ceil((2 * shardCount) / 8));
    if (bits !== undefined) this.#bits.set(bits.subarray(0, this.#bits.length));
  }

  /** A copy of the bits. */
  get bytes(): Uint8Array {
    return this.#bits.slice();
  }

  get size(): number {
    let size = 0;
    for (let byte of this.#bits) for (; byte > 0; byte &= byte - 1) size++;
    return size;
  }

  has(place: Place): boolean {
    const bit = bitOf(place);
    return (((this.#bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
  }

  add(place: Place): void {
    const bit = bitOf(place);
    this.#bits[bit >> 3] = (this.#bits[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  delete(place: Place): void {
    const bit = bitOf(place);
    this.#bits[bit >> 3] = (this.#bits[bit >> 3] ?? 0) & ~(1 << (bit & 7));
  }

  addAll(bits: Uint8Array): void {
    for (const [at, byte] of bits.subarray(0, this.#bits.length).entries()) {
      this.#bits[at] = (this.#bits[at] ?? 0) | byte;
    }
  }
}

/**
 * What is known of one node after one more fact about it.
 *
 * @param facts undefined if nothing was known
 */
export function addFact(
  facts: NodeFacts | undefined,
  fact: PutFact,
  shardCount: number,
): NodeFacts {
  const before = facts ?? { metadata: false, slivers: new SliverSet(shardCount).bytes };
  switch (fact.kind) {
    case 'metadata':
      return { ...before, metadata: true };
    case 'metadata-lost':
      return { ...before, metadata: false };
    case 'confirmation': {
      const { epoch, signature } = fact;
      return { ...before, confirmation: { epoch, signature } };
    }
    case 'sliver':
    case 'sliver-lost': {
      const slivers = new SliverSet(shardCount, before.slivers);
      if (fact.kind === 'sliver') slivers.add(fact);
      else slivers.delete(fact);
      return { ...before, slivers: slivers.bytes };
    }
  }
}

function bitOf({ pair, axis }: Place): number {
  return 2 * pair + (axis === 'primary' ? 0 : 1);
}
