import type { Axis } from '../protocol/axis.ts';
import { type Geometry, sliverBytes } from '../protocol/geometry.ts';
import { encodedSliverBytes } from '../protocol/sliver.ts';
import type { IndexRange, SliverTaker } from '../store/sliver-taker.ts';
import { RepairRows } from './assemble-task.ts';
import { ResultMemory } from './result-memory.ts';

/** Takes some slivers into memory and lets the others pass. */
export class WantedSlivers implements SliverTaker {
  readonly #geometry: Geometry;
  readonly #wanted: ReadonlySet<string>;
  readonly #slivers = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #rows = new Map<number, RepairRows>();

  /** @param wanted by `axis/index` */
  constructor(geometry: Geometry, wanted: ReadonlySet<string>) {
    this.#geometry = geometry;
    this.#wanted = wanted;
  }

  async whole(axis: Axis, begin: number, slivers: ArrayBuffer): Promise<void> {
    const bytes = encodedSliverBytes(sliverBytes(this.#geometry, axis));
    for (let at = 0; at * bytes < slivers.byteLength; at++) {
      const key = `${axis}/${begin + at}`;
      if (!this.#wanted.has(key)) continue;
      this.#slivers.set(key, new Uint8Array(slivers.slice(at * bytes, (at + 1) * bytes)));
    }
  }

  async piece(rows: IndexRange, columns: IndexRange, symbols: ArrayBuffer): Promise<void> {
    const pitch = (columns.end - columns.begin) * this.#geometry.symbolBytes;
    for (let row = rows.begin; row < rows.end; row++) {
      if (!this.#wanted.has(`primary/${row}`)) continue;
      const one = new Uint8Array(symbols, (row - rows.begin) * pitch, pitch);
      const into =
        this.#rows.get(row) ??
        new RepairRows(this.#geometry, { begin: row, end: row + 1 }, new ResultMemory());
      into.put(columns, one, pitch);
      this.#rows.set(row, into);
    }
  }

  /** All wanted slivers, once everything was given. */
  slivers(): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
    for (const [row, slivers] of this.#rows) {
      this.#slivers.set(`primary/${row}`, new Uint8Array(slivers.finished()));
    }
    this.#rows.clear();
    return this.#slivers;
  }
}
