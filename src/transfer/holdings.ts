import { type Place, SliverSet } from './node-facts.ts';
import type { NodeFacts, PutFact } from './put-types.ts';

/** How sure it is that a node has something; `buffered` things are gone when the node stops. */
export type Held = 'none' | 'buffered' | 'stored';

/** What one node holds of a blob, as far as it is known. Tells what is worth to be written down. */
export class Holdings {
  readonly #nodeId: string;
  readonly #tell: (fact: PutFact) => void;
  readonly #stored: SliverSet;
  #buffered: SliverSet;
  /** other nodes had these, which hand them over when shards move */
  #presumed: SliverSet;
  readonly #shardCount: number;
  #metadata: Held;

  constructor(
    nodeId: string,
    shardCount: number,
    known: NodeFacts | undefined,
    tell: (fact: PutFact) => void,
  ) {
    this.#nodeId = nodeId;
    this.#tell = tell;
    this.#shardCount = shardCount;
    this.#stored = new SliverSet(shardCount, known?.slivers);
    this.#buffered = new SliverSet(shardCount);
    this.#presumed = new SliverSet(shardCount);
    this.#metadata = known?.metadata === true ? 'stored' : 'none';
  }

  get metadata(): Held {
    return this.#metadata;
  }

  /** Bits of what is stored for certain. */
  get stored(): Uint8Array {
    return this.#stored.bytes;
  }

  has(place: Place): boolean {
    return this.#stored.has(place) || this.#buffered.has(place) || this.#presumed.has(place);
  }

  /** Takes it that the node gets what others had, until it denies that. */
  presume(slivers: SliverSet): void {
    this.#presumed = slivers;
  }

  setMetadata(held: Held): void {
    const { metadata: before } = this;
    this.#metadata = held;
    if (held === 'stored' && before !== 'stored') this.#note({ kind: 'metadata' });
    if (held === 'none' && before === 'stored') this.#note({ kind: 'metadata-lost' });
  }

  setSliver({ pair, axis }: Place, held: Held): void {
    const place = { pair, axis };
    const wasStored = this.#stored.has(place);
    this.#presumed.delete(place);
    if (held === 'buffered') this.#buffered.add(place);
    else this.#buffered.delete(place);
    if (held === 'stored' && !wasStored) {
      this.#stored.add(place);
      this.#note({ kind: 'sliver', ...place });
    }
    if (held !== 'stored' && wasStored) {
      this.#stored.delete(place);
      this.#note({ kind: 'sliver-lost', ...place });
    }
  }

  /** The node lost its memory: what it had buffered, and the metadata. */
  forget(): void {
    this.#buffered = new SliverSet(this.#shardCount);
    this.setMetadata('none');
  }

  #note(
    fact: { kind: 'metadata' | 'metadata-lost' } | ({ kind: 'sliver' | 'sliver-lost' } & Place),
  ) {
    this.#tell({ ...fact, nodeId: this.#nodeId } as PutFact);
  }
}
