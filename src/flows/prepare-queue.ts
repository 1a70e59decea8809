import type { EncodeProgress } from '../protocol/blob-summary.ts';
import { Hold } from '../protocol/hold.ts';
import type { Clock } from '../protocol/ports.ts';
import { type Pace, Speedometer } from './pace.ts';
import type { IdEncoder } from './ports.ts';
import { type IncomingFile, isStale, type QueueItem, reopenerOf } from './prepare-item.ts';
import { ALL, QueueStore, type Removal } from './queue-store.ts';
import { openCount, type QueueTotals, workLeft, workOf } from './queue-totals.ts';

const LANES = 6; // enough to keep the workers of any machine busy with small files
const LANE_BYTES = 128e6; // a large file has all workers for itself, so more would only wait

/** What the page shows about all files. Replaced, never changed in place. */
export interface QueueView {
  readonly order: readonly string[];
  readonly totals: QueueTotals;
  readonly state: 'empty' | 'preparing' | 'paused' | 'settled';
  readonly pace: Pace | undefined;
  /** files found so far while folders are being read */
  readonly listed: number | undefined;
  /** what `undoRemove` would bring back */
  readonly removal: Removal | undefined;
}

export interface QueuePorts {
  readonly encoder: IdEncoder;
  readonly clock: Clock;
  readonly shardCount: number;
}

interface Job {
  readonly stop: AbortController;
  readonly hold: Hold;
  readonly meter: Speedometer;
  /** start of the work, later by the time for which it was held */
  startedMs: number;
  heldAtMs: number;
  /** done part of the file, 0 to 1 */
  share: number;
}

/** The files to prepare, and the work on them. One per page. */
export class PrepareQueue {
  readonly #ports: QueuePorts;
  readonly #store: QueueStore;
  readonly #jobs = new Map<string, Job>();
  readonly #byteMeter = new Speedometer(); // for the speed that is shown
  readonly #workMeter = new Speedometer(); // for the time left: small files cost more than their bytes
  #waiting: string[] = []; // may name files that are no longer waiting
  #nextWaiting = 0;
  #bytesDone = 0;
  #workDone = 0;
  #listed: number | undefined;
  #listings = 0;
  #stopListing: AbortController | undefined;
  #view: QueueView | undefined;

  constructor(ports: QueuePorts) {
    this.#ports = ports;
    this.#store = new QueueStore(ports.clock);
    this.#store.notice.subscribe(ALL, () => {
      this.#view = undefined;
    });
  }

  /** Calls `listener` when `view()` changes; at most ten times a second for progress. */
  subscribe = (listener: () => void): (() => void) => this.#store.notice.subscribe(ALL, listener);

  subscribeItem(id: string, listener: () => void): () => void {
    return this.#store.notice.subscribe(id, listener);
  }

  view = (): QueueView => {
    this.#view ??= this.#makeView();
    return this.#view;
  };

  item(id: string): QueueItem | undefined {
    return this.#store.item(id);
  }

  /** @returns how many were new, and how many were in the list already */
  add(incoming: readonly IncomingFile[]): { added: number; known: number } {
    const ids = this.#store.add(incoming);
    this.#enqueue(ids);
    return { added: ids.length, known: incoming.length - ids.length };
  }

  /** Adds files as they are found, until the listing ends or `stopListing` is called. */
  async addFrom(
    listing: AsyncIterable<readonly IncomingFile[]>,
  ): Promise<{ added: number; known: number }> {
    if (this.#stopListing?.signal.aborted !== false) this.#stopListing = new AbortController();
    const { signal } = this.#stopListing;
    const sum = { added: 0, known: 0 };
    this.#listings++;
    this.#setListed(this.#listed ?? 0);
    try {
      for await (const batch of listing) {
        if (signal.aborted) break;
        const { added, known } = this.add(batch);
        sum.added += added;
        sum.known += known;
        this.#setListed((this.#listed ?? 0) + batch.length);
      }
    } finally {
      this.#listings--;
      // Another drop may still be read; it counts on, and can still be stopped.
      if (this.#listings === 0) this.#setListed(undefined);
    }
    return sum;
  }

  /** Ends the listing; what was found stays. */
  stopListing(): void {
    this.#stopListing?.abort();
  }

  /** Holds files back; what is done stays done, as far as there is room for it. */
  pause(ids: readonly string[]): void {
    const nowMs = this.#ports.clock.monotonic();
    for (const id of ids) {
      if (!this.#store.apply(id, { type: 'paused' })) continue;
      const job = this.#jobs.get(id);
      if (job === undefined) continue;
      job.heldAtMs = nowMs;
      job.hold.set(true);
    }
    this.#limitHeld();
    this.#fill();
  }

  /** Gives up what was done of the files of which least was done: each takes memory or disk. */
  #limitHeld(): void {
    const done = ({ id, file }: QueueItem) => file.size * (this.#jobs.get(id)?.share ?? 0);
    const held = this.#itemsAtWork('paused').sort((a, b) => done(b) - done(a));
    const kept: QueueItem[] = [];
    for (const item of held) {
      if (hasRoom(kept, item)) kept.push(item);
      else if (this.#store.apply(item.id, { type: 'lost' })) this.#end(item.id);
    }
  }

  /** Goes on where work was held. */
  resume(ids: readonly string[]): void {
    const nowMs = this.#ports.clock.monotonic();
    const unstarted: string[] = [];
    this.#rest();
    for (const id of ids) {
      const job = this.#jobs.get(id);
      if (!this.#store.apply(id, { type: 'resumed', goesOn: job !== undefined })) continue;
      if (job === undefined) {
        unstarted.push(id);
        continue;
      }
      job.startedMs += nowMs - job.heldAtMs;
      job.meter.reset();
      job.hold.set(false);
    }
    this.#enqueue(unstarted);
  }

  pauseAll(): void {
    this.pause(this.#store.order);
  }

  resumeAll(): void {
    this.resume(this.#store.order);
  }

  /** Stops preparing; the files stay in the list. */
  stop(ids: readonly string[]): void {
    for (const id of ids) if (this.#store.apply(id, { type: 'stopped' })) this.#end(id);
    this.#fill();
  }

  /** Starts stopped and failed files again, with the bytes that are on disk now where we may ask. */
  async retry(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#retryOne(id)));
  }

  /** Puts another file in the place of one, for example after it was chosen again. */
  replace(id: string, file: File): void {
    this.#end(id);
    if (this.#store.apply(id, { type: 'replaced', file })) this.#enqueue([id]);
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.#end(id);
    this.#store.remove(ids);
    this.#fill();
  }

  /** Brings back what the last `remove` took. Unfinished files start again. */
  undoRemove(): number {
    const ids = this.#store.restore();
    this.#enqueue(ids);
    return ids.length;
  }

  /** Makes all removals final. */
  forgetRemoved(): void {
    this.#store.forgetRemoved();
  }

  async #retryOne(id: string): Promise<void> {
    const item = this.item(id);
    if (item === undefined) return;
    const reopen = reopenerOf(item);
    if (isStale(item.error) && reopen !== undefined) {
      try {
        const file = await reopen();
        return this.replace(id, file);
      } catch {
        // Not there any more: preparing again reports that as an error of the file.
      }
    }
    if (this.#store.apply(id, { type: 'retried' })) this.#enqueue([id]);
  }

  #enqueue(ids: readonly string[]): void {
    for (const id of ids) this.#waiting.push(id);
    // In a later task: starting workers takes a while, and the page shows the new files first.
    void this.#ports.clock.sleep(0).then(() => this.#fill());
  }

  /** Starts work while there is room. */
  #fill(): void {
    let at = this.#nextWaiting;
    while (at < this.#waiting.length) {
      const id = this.#waiting[at] ?? '';
      const item = this.item(id);
      if (item?.state !== 'waiting' || this.#jobs.has(id)) {
        at++;
        continue;
      }
      if (!hasRoom(this.#itemsAtWork('preparing'), item)) break;
      at++;
      void this.#work(item);
    }
    // Cut off what is done only now and then, so that taking one costs the same at any length.
    const isMostlyDone = at > 1000 && at * 2 > this.#waiting.length;
    if (isMostlyDone) this.#waiting = this.#waiting.slice(at);
    this.#nextWaiting = isMostlyDone ? 0 : at;
  }

  async #work(item: QueueItem): Promise<void> {
    const { encoder, clock, shardCount } = this.#ports;
    const { id, file } = item;
    const job: Job = {
      stop: new AbortController(),
      hold: new Hold(),
      meter: new Speedometer(),
      startedMs: clock.monotonic(),
      heldAtMs: 0,
      share: 0,
    };
    this.#jobs.set(id, job);
    this.#store.apply(id, { type: 'started' });
    const isMine = () => this.#jobs.get(id) === job;
    try {
      const summary = await encoder.computeBlobId(file, {
        shardCount,
        signal: job.stop.signal,
        hold: job.hold,
        onProgress: (progress) => {
          if (isMine()) this.#progress(item, job, progress);
        },
      });
      if (!isMine()) return;
      this.#count(job, file, 1);
      const tookMs = clock.monotonic() - job.startedMs;
      this.#store.apply(id, { type: 'prepared', summary, tookMs }, 'soon');
    } catch (error) {
      if (!isMine()) return;
      this.#store.apply(id, { type: 'failed', error }, 'soon');
    }
    this.#end(id);
    this.#fill();
  }

  #progress({ id, file }: QueueItem, job: Job, progress: EncodeProgress): void {
    const { bytesDone, bytesTotal } = progress;
    this.#count(job, file, bytesTotal > 0 ? bytesDone / bytesTotal : 0);
    job.meter.record(this.#ports.clock.monotonic(), bytesDone);
    const pace = job.meter.pace(bytesTotal - bytesDone);
    this.#store.apply(id, { type: 'progressed', progress, pace }, 'soon');
  }

  /** Adds to the work of all files, which only grows: files that leave do not slow it down. */
  #count(job: Job, file: File, share: number): void {
    const step = Math.max(0, share - job.share);
    job.share = share;
    this.#bytesDone += step * file.size;
    this.#workDone += step * workOf(file);
    const nowMs = this.#ports.clock.monotonic();
    this.#byteMeter.record(nowMs, this.#bytesDone);
    this.#workMeter.record(nowMs, this.#workDone);
  }

  #pace(totals: QueueTotals): Pace | undefined {
    const speed = this.#byteMeter.pace(0);
    const rest = this.#workMeter.pace(workLeft(totals));
    return speed && { ...speed, secondsLeft: rest?.secondsLeft };
  }

  /** Forgets the job of a file and stops it if it still runs. */
  #end(id: string): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    this.#jobs.delete(id);
    job.stop.abort();
    this.#rest();
  }

  /** Files that were begun, and go on or are held back; a few at most. */
  #itemsAtWork(state: 'preparing' | 'paused'): QueueItem[] {
    return [...this.#jobs.keys()]
      .map((id) => this.item(id))
      .filter((item) => item?.state === state) as QueueItem[];
  }

  /** Measures speed anew after a time without work. */
  #rest(): void {
    if (this.#itemsAtWork('preparing').length > 0) return;
    this.#byteMeter.reset();
    this.#workMeter.reset();
  }

  #setListed(listed: number | undefined): void {
    this.#listed = listed;
    this.#store.notice.now(ALL);
  }

  #makeView(): QueueView {
    const { order, totals, removal } = this.#store;
    const isRunning = totals.states.preparing > 0 || totals.states.waiting > 0;
    const state =
      totals.count === 0
        ? 'empty'
        : isRunning
          ? 'preparing'
          : openCount(totals) > 0
            ? 'paused'
            : 'settled';
    return {
      order,
      totals,
      state,
      pace: state === 'preparing' ? this.#pace(totals) : undefined,
      listed: this.#listed,
      removal,
    };
  }
}

/** Whether one more file may be begun, or held half done, beside others. */
function hasRoom(others: readonly QueueItem[], { file }: QueueItem): boolean {
  const bytes = others.reduce((sum, other) => sum + other.file.size, file.size);
  return others.length === 0 || (others.length < LANES && bytes <= LANE_BYTES);
}
