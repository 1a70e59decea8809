import { HashWidthChoice } from '../kernel/hash-width.ts';
import { Kernel } from '../kernel/kernel.ts';
import { HauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';

/** Memory up to which a kernel is kept while nothing is to be done: wasm memory never shrinks. */
const KEEP_BYTES = 16 << 20;
/** Memory up to which it is kept from one job to the next: fresh memory costs 0.4 ms a MiB. */
const KEEP_WARM_BYTES = 192 << 20;

/** The one kernel of a thread. Its module is compiled once, its memory comes and goes. */
export class ThreadKernel {
  readonly #load: () => Promise<WebAssembly.Module>;
  readonly #hashWidth: HashWidthChoice | undefined;
  #module: WebAssembly.Module | undefined;
  #kernel: Kernel | undefined;

  /** @param clock lets the kernel find its fastest way of hashing */
  constructor(load: () => Promise<WebAssembly.Module>, clock?: Pick<Clock, 'monotonic'>) {
    this.#load = load;
    this.#hashWidth = clock && new HashWidthChoice(clock);
  }

  /**
   * Gives the kernel with an empty arena.
   *
   * @throws HauloutError 'engine-blocked' where WebAssembly cannot be used, 'out-of-memory'
   */
  async configured(shardCount: number, symbolBytes: number, rowsUsed?: number): Promise<Kernel> {
    this.#module ??= await this.#compiled();
    this.#kernel ??= this.#instance(this.#module);
    this.#kernel.configure(shardCount, symbolBytes, rowsUsed);
    return this.#kernel;
  }

  /**
   * Frees the memory of a job that needed much.
   *
   * @param resting whether no other job is to be expected at once
   */
  trim(resting: boolean): void {
    const keep = resting ? KEEP_BYTES : KEEP_WARM_BYTES;
    if (this.#kernel !== undefined && this.#kernel.memoryBytes > keep) this.#kernel = undefined;
  }

  async #compiled(): Promise<WebAssembly.Module> {
    try {
      return await this.#load();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'WebAssembly does not compile';
      throw new HauloutError('engine-blocked', { reason }, { cause });
    }
  }

  #instance(module: WebAssembly.Module): Kernel {
    try {
      return new Kernel(module, this.#hashWidth);
    } catch (cause) {
      // Instances fail for want of memory alone: the module was compiled here.
      throw new HauloutError('out-of-memory', { neededBytes: KEEP_BYTES }, { cause });
    }
  }
}
