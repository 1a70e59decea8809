/** Symbols where some source slivers cross some target slivers, as they come in. */
export class SymbolTable {
  readonly targets: readonly number[];
  readonly #symbolBytes: number;
  readonly #rows = new Map<number, (Uint8Array | undefined)[]>();
  readonly #whole = new Set<number>();

  constructor(targets: readonly number[], symbolBytes: number) {
    this.targets = targets;
    this.#symbolBytes = symbolBytes;
  }

  /** How many sources have given a symbol for every target. */
  get wholeSources(): number {
    return this.#whole.size;
  }

  isWhole(source: number): boolean {
    return this.#whole.has(source);
  }

  /** Takes a symbol, unless it has another length than symbols have or was not wanted. */
  add(source: number, target: number, data: Uint8Array): void {
    const at = this.targets.indexOf(target);
    if (at < 0 || data.length !== this.#symbolBytes) return;
    const row = this.#rows.get(source) ?? new Array<Uint8Array | undefined>(this.targets.length);
    this.#rows.set(source, row);
    row[at] = data;
    if (!row.includes(undefined)) this.#whole.add(source);
  }

  /** The symbols of `count` whole sources: source by source, in the order of the targets. */
  first(count: number): { sources: Uint16Array; symbols: Uint8Array } {
    const sources = Uint16Array.from([...this.#whole].slice(0, count));
    const rowBytes = this.targets.length * this.#symbolBytes;
    const symbols = new Uint8Array(sources.length * rowBytes);
    sources.forEach((source, i) => {
      this.#rows.get(source)?.forEach((data, j) => {
        if (data) symbols.set(data, i * rowBytes + j * this.#symbolBytes);
      });
    });
    return { sources, symbols };
  }
}
