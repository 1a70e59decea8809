import type { Engine, EngineEvents, SeenJob } from '../../engine/engine.ts';
import type { FoundRescue, JobTerms } from '../../engine/engine-api.ts';
import { ChangeNotice } from '../../flows/change-notice.ts';
import type { CancelReport, OpenJob } from '../../flows/store/types.ts';
import { type HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports.ts';
import type { TabListener, TabTalk } from './tab-talk.ts';
import {
  isHere,
  isStored,
  isUnpaid,
  type Upload,
  type UploadsView,
  waitsForLine,
} from './upload.ts';

const ALL = '';
/** Another tab is asked so often how far it is. */
const ASK_MS = 1_000;
/** A tab that has not answered for so long is gone, or sleeps. */
const SILENT_MS = 4_000;
/** What was never paid is cleared away after this: until then another tab may still show its price. */
const UNPAID_MS = 3_600_000;

/** The uploads of this browser: those of this page, and those that an earlier one has begun. */
export class UploadDesk implements EngineEvents, TabListener {
  readonly #engine: () => Promise<Engine>;
  readonly #clock: Clock;
  readonly #notice: ChangeNotice;
  readonly #uploads = new Map<string, Upload>();
  /** asked of another tab, to go on with here */
  readonly #wanted = new Set<string>();
  /** looked at here though another tab has ended it: no news to the others */
  readonly #looked = new Set<string>();
  /** given to another tab */
  readonly #given = new Set<string>();
  #tabs: TabTalk | undefined;
  #rescues: readonly FoundRescue[] = [];
  #rescueTurn = 0;
  #isRead = false;
  #trouble: unknown;
  #view: UploadsView | undefined;

  constructor(engine: () => Promise<Engine>, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
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
    const { condition, ...mirror } = seen.snapshot;
    const isElsewhere = isHauloutError(condition?.error, 'upload-elsewhere');
    const isNews = seen.isOver && !this.#looked.delete(jobId);
    if (isNews && !isElsewhere) this.#tabs?.tell(seen);
    if (isElsewhere || (seen.isOver && this.#given.delete(jobId))) {
      this.#set(jobId, { seen: undefined, mirror });
      return;
    }
    const before = this.upload(jobId)?.seen?.snapshot;
    this.#set(jobId, { seen, mirror: undefined });
    // What was bought by nobody that this browser knows of can be taken.
    const isPaidAlready = isHauloutError(condition?.error, 'paid-already');
    if (seen.isOver && isPaidAlready) void this.rescue().catch(() => undefined);
    // The links are there before the slower nodes are served.
    const isNowStored = isStored(seen.snapshot) && !isStored(before);
    if (seen.isOver || isNowStored) void this.#end(jobId);
  }

  /** From now on other tabs are heard and told; there is nothing to tell before an engine runs. */
  talk(tabs: TabTalk): void {
    this.#tabs = tabs;
  }

  onSetAside(): void {}

  /** Nobody works for this page any more; the next call starts another engine. */
  onLost(error: HauloutError): void {
    for (const { jobId, seen } of this.#uploads.values()) {
      if (seen === undefined || seen.isOver) continue;
      const snapshot = { ...seen.snapshot, condition: { error } };
      this.#set(jobId, { seen: { snapshot, isOver: true } });
    }
  }

  onAsked(jobId: string): void {
    const { seen } = this.upload(jobId) ?? {};
    if (seen !== undefined && !seen.isOver) this.#tabs?.tell(seen);
  }

  onWanted(jobId: string): void {
    const { seen, isCancelling } = this.upload(jobId) ?? {};
    if (seen === undefined || seen.isOver || isCancelling) return;
    this.#given.add(jobId);
    void this.pause(jobId);
  }

  onTold({ snapshot, isOver }: SeenJob): void {
    const { jobId } = snapshot;
    const upload = this.upload(jobId);
    if (upload === undefined || isHere(upload)) return;
    if (!isOver) this.#set(jobId, { seen: undefined, mirror: snapshot });
    else if (this.#wanted.delete(jobId)) void this.resume(jobId);
    else if (!upload.stored && !upload.cancelled) void this.find(jobId);
  }

  /** Follows an upload that another tab works on. @param signal ends it */
  async follow(jobId: string, signal: AbortSignal): Promise<void> {
    let heard = this.upload(jobId)?.mirror;
    let heardMs = this.#clock.monotonic();
    while (!signal.aborted) {
      this.#tabs?.ask(jobId);
      await this.#clock.sleep(ASK_MS, signal).catch(() => undefined);
      const { mirror } = this.upload(jobId) ?? {};
      const nowMs = this.#clock.monotonic();
      if (mirror !== heard) [heard, heardMs] = [mirror, nowMs];
      if (nowMs - heardMs < SILENT_MS || signal.aborted) continue;
      heardMs = nowMs;
      await this.find(jobId);
    }
  }

  /** Goes on here with what another tab works on, once that has let go of it. */
  async takeOver(jobId: string): Promise<void> {
    this.#wanted.add(jobId);
    this.#tabs?.want(jobId);
    await this.#clock.sleep(SILENT_MS);
    if (this.#wanted.delete(jobId)) await this.find(jobId); // nobody answers: then nobody works on it
  }

  /** Reads what earlier pages, and other tabs, have begun. */
  async read(): Promise<readonly OpenJob[] | undefined> {
    try {
      const engine = await this.#engine();
      const open = await engine.openJobs();
      for (const found of open) {
        const { jobId, atMs, isRunning } = found;
        const isHereToo = this.upload(jobId)?.seen !== undefined;
        const isLeft = isUnpaid(found) && this.#clock.wall() - atMs > UNPAID_MS;
        // Where that does not work, the next page tries again.
        if (isLeft && !isHereToo) void engine.cancel(jobId).catch(() => undefined);
        else this.#set(jobId, { found, ...(isRunning ? {} : { mirror: undefined }) });
      }
      const isOpen = new Set(open.map(({ jobId }) => jobId));
      for (const { jobId, found } of this.#uploads.values()) {
        if (found !== undefined && !isOpen.has(jobId)) this.#set(jobId, { found: undefined });
      }
      this.#isRead = true;
      this.#trouble = undefined;
      return open;
    } catch (error) {
      this.#trouble = error;
      return undefined;
    } finally {
      this.#notice.now(ALL);
    }
  }

  /** Looks for one upload, which may be finished. */
  async find(jobId: string): Promise<void> {
    const open = await this.read();
    const found = open?.find((each) => each.jobId === jobId);
    if (open === undefined || found?.isFinished === false) return;
    try {
      this.#looked.add(jobId);
      await (await this.#engine()).resume(jobId);
    } catch (trouble) {
      this.#looked.delete(jobId);
      const isStrange = isHauloutError(trouble, 'upload-unknown');
      this.#set(jobId, isStrange ? { isStrange } : { trouble });
    }
  }

  /** Looks for uploads on chain that this browser has lost; a wallet must be connected. */
  async rescue(): Promise<void> {
    const turn = ++this.#rescueTurn;
    this.#rescues = [];
    this.#notice.now(ALL);
    const rescues = await (await this.#engine()).rescue();
    if (turn !== this.#rescueTurn) return; // another wallet is connected by now
    this.#rescues = rescues;
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

  /** Goes on with what only waits for a connection, now that there is one. No wallet is asked. */
  lineIsBack(): void {
    for (const { jobId, seen, isCancelling } of this.#uploads.values()) {
      if (seen === undefined || !waitsForLine(seen) || isCancelling) continue;
      void this.pause(jobId).then(() => this.resume(jobId)); // ends its wait
    }
  }

  /** The device has slept for so long. */
  woke(sleptMs: number): void {
    for (const upload of this.#uploads.values()) {
      if (isHere(upload)) this.#set(upload.jobId, { sleptMs });
    }
    this.lineIsBack();
  }

  pause(jobId: string): Promise<void> {
    return this.#try(jobId, async (engine) => engine.pause(jobId));
  }

  /** @returns what it meant; undefined if it could not be cancelled, and the upload tells why */
  async cancel(jobId: string): Promise<CancelReport | undefined> {
    this.#set(jobId, { isCancelling: true });
    await this.#try(jobId, async (engine) => {
      const cancelled = await engine.cancel(jobId);
      this.#set(jobId, { cancelled });
    });
    this.#set(jobId, { isCancelling: false });
    return this.upload(jobId)?.cancelled;
  }

  notice(jobId: string, notice: 'wanted' | 'over'): void {
    this.#set(jobId, { notice });
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
