import type { Kernel } from '../kernel/kernel.ts';
import type { Rectangle } from './rectangle.ts';
import type { DecodeSetup, Range } from './tasks.ts';

/** One thread's part in decoding a blob: it collects and checks the rows of one share at a time. */
export class OpenDecode {
  readonly kernel: Kernel;
  readonly setup: DecodeSetup;
  readonly #mark: number;
  #held: { readonly share: number; readonly rows: Range; readonly ptr: number } | undefined;

  constructor(kernel: Kernel, setup: DecodeSetup) {
    this.kernel = kernel;
    this.setup = setup;
    this.#mark = kernel.mark();
  }

  /**
   * Makes room for a share in kernel memory, and gives up the one that was held before.
   *
   * @returns where it lies
   * @throws HauloutError 'out-of-memory'
   */
  hold(share: number): number {
    if (this.#held?.share === share) return this.#held.ptr;
    const { shares, geometry } = this.setup;
    const rows = shares[share];
    if (rows === undefined) throw new Error('there is no such share');
    this.kernel.release(this.#mark);
    const bytes = (rows.end - rows.begin) * geometry.rowBytes;
    this.#held = { share, rows, ptr: this.kernel.alloc(bytes) };
    return this.#held.ptr;
  }

  /** The share that is held, as a view: dead once kernel memory grows. */
  get held(): Rectangle {
    if (this.#held === undefined) throw new Error('no share is held');
    const { rows, ptr } = this.#held;
    const { columnCount, rowBytes } = this.setup.geometry;
    const bytes = this.kernel.bytes(ptr, (rows.end - rows.begin) * rowBytes);
    return { rows, columns: { begin: 0, end: columnCount }, bytes };
  }
}
