import type { Engine, EngineEvents, SeenJob } from '../../engine/engine.ts';
import type { FoundRescue, JobTerms } from '../../engine/engine-api.ts';
import { ChangeNotice } from '../../flows/change-notice.ts';
import type { CancelReport, OpenJob, StoredFile } from '../../flows/store/types.ts';
import type { Clock } from '../../protocol/ports.ts';

/** An upload as this page knows it. A new object with each change. */
export interface Upload {
  readonly jobId: string;
  /** from the journal; absent for uploads that this page began */
  readonly found?: OpenJob;
  /** what a worker of this page told last */
  readonly seen?: SeenJob;
  /** once it has come to its end */
  readonly stored?: readonly StoredFile[];
  /** what ended it, if the person has ended it */
  readonly cancelled?: CancelReport;
  /** the last call about it did not work */
  readonly trouble?: unknown;
}

export interface UploadsView {
  readonly uploads: readonly Upload[];
  /** uploads that only the wallet can end */
  readonly rescues: readonly FoundRescue[];
  /** whether the journal was read */
  readonly isRead: boolean;
  readonly trouble?: unknown;
}

const ALL = '';

/** The uploads of this browser: those of this page, and those that an earlier one has begun. */
export class UploadDesk implements EngineEvents {
  readonly #engine: () => Promise<Engine>;
  readonly #notice: ChangeNotice;
  readonly #uploads = new Map<string, Upload>();
  #rescues: readonly FoundRescue[] = [];
  #isRead = false;
  #trouble: unknown;
  #view: UploadsView | undefined;

  constructor(engine: () => Promise<Engine>, clock: Clock) {
    this.#engine = engine;
    this.#notice = new ChangeNotice(clock);
    this.#notice.subscribe(ALL, () => {
      this.#view = undefined;
    });
  }

  readonly subscribe = (listener: () => void): (() => void) =>
    this.#notice.subscribe(ALL, listener);

  readonly view = (): UploadsView => {
    this.#view ??= {
      uploads: [...this.#uploads.values()],
      rescues: this.#rescues,
      isRead: this.#isRead,
      ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
    };
    return this.#view;
  };

  upload(jobId: string): Upload | undefined {
    return this.#uploads.get(jobId);
  }

  onJob(seen: SeenJob): void {
    const { jobId } = seen.snapshot;
    this.#set(jobId, { seen });
    if (seen.isOver) void this.#end(jobId);
  }

  onSetAside(): void {}

  /** Reads what earlier pages, and other tabs, have begun. */
  async read(): Promise<void> {
    try {
      const open = await (await this.#engine()).openJobs();
      for (const found of open) this.#set(found.jobId, { found });
      this.#isRead = true;
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = error;
    }
    this.#notice.now(ALL);
  }

  /** Looks for uploads on chain that this browser has lost; a wallet must be connected. */
  async rescue(): Promise<void> {
    this.#rescues = await (await this.#engine()).rescue();
    this.#notice.now(ALL);
  }

  async handOver(holder: string): Promise<void> {
    await (await this.#engine()).handOver(holder);
    this.#rescues = this.#rescues.filter((each) => each.holder !== holder);
    this.#notice.now(ALL);
  }

  /** @returns the job's ID, once it is written down */
  async begin(quoteId: number, terms: JobTerms): Promise<string> {
    return (await this.#engine()).store(quoteId, terms);
  }

  /** Goes on, with files that are needed once more. */
  resume(jobId: string, files: readonly File[] = [], terms: JobTerms = {}): Promise<void> {
    return this.#try(jobId, async (engine) => engine.resume(jobId, files, terms));
  }

  pause(jobId: string): Promise<void> {
    return this.#try(jobId, async (engine) => engine.pause(jobId));
  }

  cancel(jobId: string): Promise<void> {
    return this.#try(jobId, async (engine) => {
      const cancelled = await engine.cancel(jobId);
      this.#set(jobId, { cancelled });
    });
  }

  /** Takes an upload off the page; what is written down of it stays. */
  dismiss(jobId: string): void {
    this.#uploads.delete(jobId);
    this.#notice.now(ALL);
  }

  async #end(jobId: string): Promise<void> {
    try {
      const stored = await (await this.#engine()).result(jobId);
      this.#set(jobId, { stored });
    } catch {
      // its condition says why
    }
  }

  async #try(jobId: string, call: (engine: Engine) => Promise<void>): Promise<void> {
    this.#set(jobId, { trouble: undefined });
    try {
      await call(await this.#engine());
    } catch (trouble) {
      this.#set(jobId, { trouble });
    }
  }

  #set(jobId: string, change: Partial<Upload>): void {
    const before = this.#uploads.get(jobId);
    this.#uploads.set(jobId, { ...before, ...change, jobId });
    this.#notice.now(ALL);
  }
}
