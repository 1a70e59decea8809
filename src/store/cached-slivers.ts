import type { Axis } from '../protocol/axis.ts';
import { type CacheStore, pieceKey, type SliverLayout, wholeKey } from './sliver-cache.ts';
import type { IndexRange } from './sliver-taker.ts';

/** Some slivers as they lie in the cache. */
export type CachedPart =
  | { readonly kind: 'whole'; readonly indices: IndexRange; readonly slivers: ArrayBuffer }
  | { readonly kind: 'rows'; readonly indices: IndexRange; readonly pieces: readonly Piece[] };

/** Symbols of some columns in all rows of a part, row by row. */
export interface Piece {
  readonly columns: IndexRange;
  readonly symbols: ArrayBuffer;
}

/** The parts of one blob, read one at a time. */
export class CachedSlivers {
  readonly #store: CacheStore;
  readonly #blobId: string;
  readonly #layout: SliverLayout;

  constructor(store: CacheStore, blobId: string, layout: SliverLayout) {
    this.#store = store;
    this.#blobId = blobId;
    this.#layout = layout;
  }

  /** The slivers that are read together with this one. */
  indices(axis: Axis, index: number): IndexRange | undefined {
    const holds = ({ begin, end }: IndexRange) => begin <= index && index < end;
    return this.#layout[axis].find(holds) ?? this.#rows(axis).find(holds);
  }

  /** @returns undefined if the part is gone: it was evicted meanwhile */
  async read(axis: Axis, index: number): Promise<CachedPart | undefined> {
    const indices = this.indices(axis, index);
    if (indices === undefined) return undefined;
    if (this.#layout[axis].includes(indices)) {
      const slivers = await this.#part(wholeKey(this.#blobId, axis, indices.begin));
      return slivers && { kind: 'whole', indices, slivers };
    }
    const pieces: Piece[] = [];
    for (const columns of this.#layout.columns) {
      const symbols = await this.#part(pieceKey(this.#blobId, indices.begin, columns.begin));
      if (symbols === undefined) return undefined;
      pieces.push({ columns, symbols });
    }
    return { kind: 'rows', indices, pieces };
  }

  #rows(axis: Axis): readonly IndexRange[] {
    return axis === 'primary' ? this.#layout.rows : [];
  }

  async #part(key: string): Promise<ArrayBuffer | undefined> {
    return (await this.#store.get('parts', key))?.value;
  }
}
