import type { Engine } from '../engine/engine.ts';
import type { QuoteSource } from '../engine/engine-api.ts';
import type { SpawnedEngine } from '../engine/spawn-engine.ts';
import type { IdEncoder } from '../flows/ports.ts';
import type { QueueItem } from '../flows/prepare-item.ts';
import type { WalletPort } from '../protocol/ports.ts';

/**
 * The page's engine, started when it is first needed or when `warm` is called. A start that fails (a dropped
 * connection) is tried again by the next call, and so is one whose thread has died.
 */
export class EngineDesk {
  readonly #spawn: () => Promise<SpawnedEngine>;
  readonly #keys = new WeakMap<Blob, number>();
  /** files that nobody holds any more need not be known either */
  readonly #unused = new FinalizationRegistry<number>((key) => {
    void this.#spawning?.then(
      ({ engine }) => engine.forget([key]),
      () => undefined,
    );
  });
  #spawning: Promise<SpawnedEngine> | undefined;
  #wallet: WalletPort | undefined;
  #keyCount = 0;

  constructor(spawn: () => Promise<SpawnedEngine>) {
    this.#spawn = spawn;
  }

  /** @throws HauloutError 'engine-blocked', 'engine-crashed' */
  async engine(): Promise<Engine> {
    this.#spawning ??= this.#start();
    return (await this.#spawning).engine;
  }

  warm(): void {
    this.engine().catch(() => undefined); // whoever needs it hears of it
  }

  /** Who signs from now on; undefined for nobody. */
  async connect(wallet: WalletPort | undefined): Promise<void> {
    this.#wallet = wallet;
    if (this.#spawning) await (await this.engine()).connect(wallet);
  }

  /** Identifies files; quotes will know what was found out. */
  readonly encoder: IdEncoder = {
    computeBlobId: async (file, options) => {
      return (await this.engine()).identify(file, options, this.keyOf(file));
    },
  };

  /** Identifies files that nobody will ask the price of. */
  readonly comparing: IdEncoder = {
    computeBlobId: async (file, options) => (await this.engine()).identify(file, options),
  };

  /** A file of the queue, as quotes ask for it. */
  sourceOf({ file, handle }: QueueItem): QuoteSource {
    return { file, handle, key: this.keyOf(file) };
  }

  /** Names a file for the engine. */
  keyOf(file: Blob): number {
    const known = this.#keys.get(file);
    if (known !== undefined) return known;
    const key = this.#keyCount++;
    this.#keys.set(file, key);
    this.#unused.register(file, key);
    return key;
  }

  async #start(): Promise<SpawnedEngine> {
    const forget = () => {
      this.#spawning = undefined;
    };
    try {
      const spawned = await this.#spawn();
      spawned.lost.catch(forget);
      if (this.#wallet) await spawned.engine.connect(this.#wallet);
      return spawned;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
