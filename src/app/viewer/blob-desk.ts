import type { Engine } from '../../engine/engine.ts';
import type { BlobHead } from '../../engine/read-questions.ts';
import { ChangeNotice } from '../../flows/change-notice.ts';
import { readPasted } from '../../flows/read/read-pasted.ts';
import { NOTHING_SEEN, seeParts } from '../../presentation/verification-map.ts';
import { parseBlobId } from '../../protocol/blob-id.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports.ts';
import type { RowNews } from '../../transfer/read/read-types.ts';
import { BlobAsker } from './blob-asker.ts';
import type { BlobState, Shown, Task } from './blob-state.ts';
import type { Gateway } from './gateway.ts';
import { learnLife } from './learn-life.ts';
import { shownBy, shownWhole } from './make-shown.ts';
import { shownAs } from './shown-as.ts';

/** Larger blobs are not held by a page as a whole. */
const MOST_IN_MEMORY = 256e6;
/** Up to this a page that no worker answers for yet does not wait for it. */
const SOON_READ = 4e6;
const SAMPLES = 20;

const NONE = { kind: 'none' } as const;
const NO_TASKS = { strict: NONE, audit: NONE, save: NONE };

export interface BlobWish {
  /** names a blob or its object */
  readonly id: string;
  /** whether all of it is checked before anything is shown */
  readonly isStrict: boolean;
}

export interface BlobDeskPorts {
  readonly clock: Clock;
  engine(): Promise<Engine>;
  /** the one that answers already */
  gatewayNow(): Gateway | undefined;
  /** settles once it is known whether there is one */
  gateway(): Promise<Gateway | undefined>;
  makeUrl(blob: Blob): string;
  dropUrl(url: string): void;
}

/** Looks up one blob, shows it and checks it. */
export class BlobDesk {
  readonly #ports: BlobDeskPorts;
  readonly #wish: BlobWish;
  readonly #notice: ChangeNotice;
  readonly #asker: BlobAsker;
  /** fires when what is under way is not wanted any more */
  #end = new AbortController();
  #gateway: Gateway | undefined;
  /** whether the worker has told that it could not give all */
  #hasStopped = false;
  #state: BlobState = {
    ...{ blobId: undefined, stage: { kind: 'looking' }, seen: NOTHING_SEEN },
    ...{ object: undefined, life: undefined },
    ...NO_TASKS,
  };

  constructor(ports: BlobDeskPorts, wish: BlobWish) {
    this.#ports = ports;
    this.#wish = wish;
    this.#notice = new ChangeNotice(ports.clock);
    this.#asker = new BlobAsker(ports.engine, (rows) => this.#see(rows));
  }

  subscribe = (listener: () => void): (() => void) => this.#notice.subscribe('', listener);

  state = (): BlobState => this.#state;

  /** Looks it up, or does so again. @returns ends all that is under way */
  open = (): (() => void) => {
    this.#end.abort();
    const end = new AbortController();
    this.#end = end;
    this.#set({ stage: { kind: 'looking' }, ...NO_TASKS });
    this.#lookUp(end.signal).catch((error: unknown) => {
      if (!end.signal.aborted) this.#set({ stage: { kind: 'failed', error } });
    });
    return () => this.#end.abort();
  };

  /** An element could not show what it was given: where that may be the worker's fault, the page reads it itself. */
  async elementFailed(): Promise<void> {
    const { stage } = this.#state;
    if (stage.kind !== 'shown' || stage.shown.url === undefined) return;
    const { url: _, ...shown } = stage.shown;
    const why = shown.way === 'gateway' && this.#hasStopped ? 'stopped' : 'not-decoded';
    this.#set({ stage: { kind: 'shown', shown: { ...shown, why } } });
    const { bytes, type } = shown.head;
    // A document would not be shown out of the page's memory either: it has to be asked for again.
    const isDocument = shownAs(type) === 'document';
    if (shown.way === 'memory' || bytes > MOST_IN_MEMORY || isDocument) return;
    const { signal } = this.#end;
    try {
      await this.#showWhole(await this.#whole(false, signal), signal);
    } catch (error) {
      if (!signal.aborted) this.#set({ stage: { kind: 'failed', error } });
    }
  }

  /** Encodes the whole blob again. */
  checkFully(): Promise<void> {
    return this.#do('strict', 0, (signal, onShare) => this.#whole(true, signal, onShare));
  }

  askShares(): Promise<void> {
    return this.#do('audit', undefined, (signal) =>
      this.#asker.ask('audit', { blobId: this.#blobId, samples: SAMPLES }, signal),
    );
  }

  /** Writes the blob into a file. */
  saveTo(to: FileSystemFileHandle): Promise<void> {
    return this.#do('save', 0, async (signal, onShare) => {
      const ask = { blobId: this.#blobId, isStrict: false, to };
      await this.#asker.ask('save', ask, signal, onShare);
      return to.name;
    });
  }

  /** Where the browser finds it, to be saved under a name; undefined while the page would have to read it. */
  downloadUrl(name: string): string | undefined {
    const { stage } = this.#state;
    if (stage.kind !== 'shown') return undefined;
    const { way, url } = stage.shown;
    return way === 'gateway' ? this.#gateway?.url(this.#blobId, name) : url;
  }

  get #blobId(): string {
    return this.#state.blobId ?? this.#wish.id;
  }

  async #lookUp(signal: AbortSignal): Promise<void> {
    const blobId = await this.#findId(signal);
    if (blobId === undefined) return;
    this.#set({ blobId });
    void this.#learnLife(blobId, signal);
    if (this.#wish.isStrict) {
      await this.checkFully();
      signal.throwIfAborted();
      const { strict } = this.#state;
      if (strict.kind === 'done') return this.#showWhole(strict.value, signal);
      if (strict.kind === 'failed') return this.#notShown(strict.error, signal);
      return;
    }
    await this.#show(signal).catch((error) => this.#notShown(error, signal));
  }

  async #findId(signal: AbortSignal): Promise<string | undefined> {
    const { id } = this.#wish;
    const named = readPasted(id); // links are copied by hand: with a dot behind them, or the other kind of ID
    if (named.kind === 'malformed') throw named.error;
    if (named.kind === 'blob') return named.blobId;
    if (named.kind !== 'object') {
      parseBlobId(id);
      return id;
    }
    const object = await this.#asker.ask('object', { objectId: named.objectId }, signal);
    if (object !== undefined) {
      this.#set({ object });
      return object.blobId;
    }
    this.#set({ stage: { kind: 'missing', atMs: this.#ports.clock.wall() } });
    return undefined;
  }

  async #show(signal: AbortSignal): Promise<void> {
    const gateway = this.#ports.gatewayNow();
    // What the worker cannot answer, the page's own engine has words for.
    const told = gateway && (await this.#headBy(gateway));
    if (gateway !== undefined && told !== undefined) return this.#showBy(gateway, told, signal);
    const head = await this.#asker.ask('head', { blobId: this.#blobId }, signal);
    this.#checkStatus(head);
    const isWaiting = head.bytes > SOON_READ || shownAs(head.type) === 'document';
    const awaited = gateway === undefined && isWaiting ? await this.#ports.gateway() : undefined;
    if (awaited !== undefined) return this.#showBy(awaited, head, signal);
    if (head.bytes > MOST_IN_MEMORY) {
      return this.#showNow({ head, way: 'memory', why: 'too-large' }, signal);
    }
    await this.#showWhole(await this.#whole(false, signal), signal);
  }

  async #headBy(gateway: Gateway): Promise<BlobHead | undefined> {
    const head = await gateway.head(this.#blobId).catch(() => undefined);
    if (head !== undefined) this.#checkStatus(head);
    return head;
  }

  /** @throws HauloutError 'blob-unknown', 'blob-blocked' */
  #checkStatus({ status }: BlobHead): void {
    const blobId = this.#blobId;
    if (status === 404) throw new HauloutError('blob-unknown', { blobId });
    if (status === 451) throw new HauloutError('blob-blocked', { blobId });
  }

  /** Elements fetch what they need, and the worker tells what it gave them. */
  async #showBy(gateway: Gateway, head: BlobHead, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#gateway = gateway;
    this.#hasStopped = false;
    const unfollow = gateway.follow(this.#blobId, {
      onRows: (rows) => this.#see(rows),
      onFailed: () => {
        this.#hasStopped = true;
        // Frames do not tell of what they could not load.
        if (shownAs(head.type) === 'document') void this.elementFailed();
      },
    });
    signal.addEventListener('abort', unfollow, { once: true });
    this.#showNow(await shownBy(gateway, this.#blobId, head), signal);
  }

  async #showWhole(blob: Blob, signal: AbortSignal): Promise<void> {
    const makeUrl = (typed: Blob) => {
      signal.throwIfAborted();
      const url = this.#ports.makeUrl(typed);
      signal.addEventListener('abort', () => this.#ports.dropUrl(url), { once: true });
      return url;
    };
    const shown = await shownWhole(blob, makeUrl);
    // A document takes headers, which only the worker gives it.
    const gateway = shown.why === 'no-worker' ? await this.#ports.gateway() : undefined;
    if (gateway === undefined) this.#showNow(shown, signal);
    else await this.#showBy(gateway, shown.head, signal);
  }

  #showNow(shown: Shown, signal: AbortSignal): void {
    if (!signal.aborted) this.#set({ stage: { kind: 'shown', shown } });
  }

  async #notShown(error: unknown, signal: AbortSignal): Promise<void> {
    if (!isHauloutError(error, 'blob-unknown')) throw error;
    const status = await this.#asker.ask('status', { blobId: this.#blobId }, signal);
    this.#set({ stage: { kind: 'missing', status, atMs: this.#ports.clock.wall() } });
  }

  /** Nothing waits for it. */
  async #learnLife(blobId: string, signal: AbortSignal): Promise<void> {
    if (this.#state.object !== undefined) return;
    const learned = await learnLife(this.#asker, blobId, signal);
    if (!signal.aborted) this.#set(learned);
  }

  #whole(isStrict: boolean, signal: AbortSignal, onShare?: (share: number) => void): Promise<Blob> {
    return this.#asker.ask('whole', { blobId: this.#blobId, isStrict }, signal, onShare);
  }

  async #do<N extends 'strict' | 'audit' | 'save', T, P>(
    name: N,
    progress: P,
    work: (signal: AbortSignal, onShare: (share: number) => void) => Promise<T>,
  ): Promise<void> {
    if (this.#state[name].kind === 'working') return;
    const { signal } = this.#end;
    // What was begun before the last look has nothing to say any more.
    const set = (task: Task<T, P | number>) => signal.aborted || this.#set({ [name]: task });
    set({ kind: 'working', progress });
    try {
      const value = await work(signal, (share) => set({ kind: 'working', progress: share }));
      set({ kind: 'done', value, atMs: this.#ports.clock.wall() });
    } catch (error) {
      set({ kind: 'failed', error });
    }
  }

  #see(rows: readonly RowNews[]): void {
    this.#set({ seen: seeParts(this.#state.seen, rows) }, 'soon');
  }

  #set(change: Partial<BlobState>, when: 'now' | 'soon' = 'now'): void {
    this.#state = { ...this.#state, ...change };
    this.#notice[when]('');
  }
}
